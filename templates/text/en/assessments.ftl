# The test of a class: what it is, the paper, handing in, the result.
assessments-questions = Questions
assessments-questions-value = { $count } in all
assessments-minutes = Time
assessments-minutes-value = { $count } min
assessments-pass-mark = Pass mark
assessments-pass-mark-value = { $percent }% or more
assessments-attempts = Attempts
assessments-attempts-left = { $left } of { $attempts } left
assessments-ends-with-run = The class ends at { $time }, and the test with it.
assessments-start = Start the test
assessments-start-again = Take the test again
assessments-start-help = The time runs from the start and cannot be stopped. Answers are saved as they are chosen; the test can be left and continued on another device. When the time is over it is handed in with the saved answers.
assessments-running-until = A test is in progress; its time is over at { $time }.
assessments-go-on = Continue
assessments-passed-already = This test has been passed.
assessments-lessons-first = The test opens when all required lessons are done. Lessons left: { $count }.
assessments-lessons-missing = Lessons still to be done
assessments-no-attempts-left =
    { $attempts ->
        [one] The one attempt has been used. For questions about the result, contact the organiser of the class.
       *[other] All { $attempts } attempts have been used. For questions about the result, contact the organiser of the class.
    }
assessments-bank-too-small = The test cannot be put together because questions are missing from the bank. Contact the organiser of the class.
assessments-being-submitted = The time is over. The test is being handed in with the saved answers; the result follows in a few seconds.
assessments-past = Earlier attempts
assessments-past-number = Attempt { $number }
assessments-past-passed = Passed, { $points }
assessments-past-failed = Not passed, { $points }
assessments-past-being-submitted = Being handed in
assessments-to-run = Back to the class
assessments-sheet-place = { $run } · Attempt { $number }
assessments-until = Time is over at { $time }
assessments-answered = { $answered } of { $total } answered
assessments-saved-at = Saved { $time }
assessments-nothing-saved = Nothing saved yet
assessments-map = List of questions
assessments-map-answered = answered
assessments-question-number = Question { $number } of { $total }
assessments-submit = Hand in
assessments-save = Save
assessments-submit-help = Handing in has to be confirmed on the next page.
assessments-no-script = This browser does not save each answer by itself. Press “Save” now and then so that no answer is lost.
assessments-saved-all = Saved at { $time }.
assessments-answer-late = The time is over; answers sent after it are not saved.
assessments-answer-submitted = The test has been handed in; no more answers can be saved.
assessments-answer-unfit = The answer does not fit the question and was not saved.
assessments-confirm-title = Hand in the test?
assessments-confirm-open =
    { $count ->
        [one] One of { $total } questions is not answered
       *[other] { $count } of { $total } questions are not answered
    }
assessments-confirm-question = Question
assessments-confirm-all =
    { $total ->
        [one] The one question is answered.
       *[other] All { $total } questions are answered.
    }
assessments-confirm-help = Nothing can be changed after handing in. The time is over at { $time }.
assessments-back = Back to the test
assessments-result-title = Result: { $title }
assessments-passed = Passed
assessments-failed = Not passed
assessments-points = Score: { $points }. Pass mark: { $percent }% or more.
assessments-again = Try again (attempts left: { $left })
assessments-see-result = See the result
assessments-result-answered = Answered
assessments-result-answered-value =
    { $total ->
        [one] { $answered } of { $total } question
       *[other] { $answered } of { $total } questions
    }
assessments-result-started = Started
assessments-result-submitted = Handed in
assessments-by-deadline = by itself when the time was over
assessments-key = Answers and comments
assessments-key-after = The answers and comments are shown once every class now studying this version has ended, after { $date }.
assessments-key-never = The answers of this test are not published.
assessments-js-left = { $time } left
assessments-js-minutes = Minutes left: { $minutes }
assessments-js-answered = { $answered } of { $total } answered
assessments-js-sending = Saving…
assessments-js-unsent = Not sent yet, trying again
assessments-js-waiting = Answers not sent yet: { $count }
assessments-js-newer = This question was answered elsewhere at { $time }. Reload the page to see that answer.
assessments-js-over = The time is over. The test is handed in with the saved answers.
assessments-js-lost = The time is over. Answers that could not be sent in time and do not count: { $count }
assessments-js-signed-out = The sign-in has ended.
assessments-js-stale = This page is out of date, so the answer could not be sent.
assessments-js-kept-here = Answers not sent yet are kept on this device and sent when the test is opened again.
assessments-js-sign-in = Sign in again
assessments-js-reload = Reload the page
assessments-saved-but =
    Saved at { $time }, except question { $questions }: a newer answer given elsewhere stays there. Look at it before handing in.
assessments-answer-stayed = The answer above was given elsewhere and stays. To change it, choose again and save.
assessments-items-title = Questions learners got wrong
assessments-items-scopes = Scope
assessments-items-class = This class
assessments-items-course = Classes of the same version
assessments-items-scope = Classes of version { $version } within your reach, taken together: { $count }.
assessments-items-lead = The question that fewest people got right comes first. No learner is named.
assessments-items-source = Test
assessments-items-all = All
assessments-items-lessons = Check questions in lessons
assessments-items-show = Show
assessments-items-count = Questions: { $count }
assessments-items-question = Question
assessments-items-correct = Right
assessments-items-of = { $people ->
        [one] ({ $correct } of { $people } person)
       *[other] ({ $correct } of { $people } people)
    }
assessments-items-wrong = Most common mistake
assessments-items-chose = People: { $count }
assessments-items-blank = Not answered
assessments-items-discrimination = Discrimination
assessments-items-thirds = Right among the highest scores { $upper }, among the lowest { $lower }.
assessments-items-turned = Review the question: the lowest scores do better
assessments-items-weak = Review the question: it does not tell the two groups apart
assessments-items-topic = Topic { $topic }
assessments-items-few = Questions answered by fewer than { $fewest } people, without figures: { $count }.
assessments-items-none = No question has been answered by enough people yet.
assessments-items-hidden = The figures on questions open once this course is completed, because they tell what the test asks.
assessments-items-how = How it is counted
assessments-items-how-counted = Each learner counts once for each question: by the first test handed in, or by the first answer in a lesson. Right means full marks; a question left empty counts as not right. A test is in the figures a minute after it was handed in at the latest.
assessments-items-how-discrimination = Discrimination is the share of right answers among the third of learners with the highest scores in the test, less the share among the third with the lowest, from −1 to 1; it is given from { $compared } people on. Below 0.1 the question or its lesson should be looked at. A question in a lesson has no score, so it has none.
assessments-items-how-private = Nothing is shown of fewer than 5 people; where classes are taken together, a class in which fewer than 5 people had a question adds nothing to it.
assessments-items-xlsx = Download XLSX
assessments-items-csv = Download CSV
assessments-items-sheet = Questions of the class { $title }
assessments-items-column-id = Id
assessments-items-place = Lesson or topic
assessments-items-people = People
assessments-items-share = Share right
assessments-items-upper = Right among the highest
assessments-items-lower = Right among the lowest
assessments-items-wrong-people = People who made it
assessments-items-link = Questions learners got wrong
