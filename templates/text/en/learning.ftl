# Classes, enrolment, the learner's lessons, completions.
learning-mine-title = My classes
learning-mine-none = Not enrolled in any class yet.
learning-mine-find = Find a course
learning-mine-past = Classes completed or over
learning-mine-waiting = Waiting for a seat
learning-mine-owed = Still to be done ({ $count })
learning-mine-owed-by =
    { $days ->
        [0] Due today, { $date }
        [1] Due { $date }, one day left
       *[other] Due { $date }, { $days } days left
    }
learning-mine-opens = The class opens on { $date }
learning-mine-completed-on = Completed on { $date }
learning-begin = Start learning
learning-continue = Continue
learning-take-test = Take the test
learning-progress = Progress
learning-progress-items =
    { $total ->
        [one] { $done }/{ $total } required item
       *[other] { $done }/{ $total } required items
    }
learning-standing-not-begun = Not started
learning-standing-learning = Learning
learning-standing-completed = Completed
learning-standing-flagged = Awaiting confirmation
learning-standing-accepted = Completed, confirmed
learning-standing-voided = Result voided
learning-standing-missed = Not completed when the class ended
learning-phase-coming = Opens soon
learning-phase-running = Open
learning-phase-over = Over
learning-seats-unlimited = No limit on seats
learning-seats-left = { $seats ->
        [one] { $left } of { $seats } seat left
       *[other] { $left } of { $seats } seats left
    }
learning-seats-none =
    { $seats ->
        [one] The one seat is taken
       *[other] All { $seats } seats taken
    }
learning-mode-open = Self-enrolment
learning-mode-open-help = Everybody who can sign in can enrol.
learning-mode-code = Enrolment with a code
learning-mode-code-help = The system makes a code; whoever knows it can enrol.
learning-mode-list = By nomination list
learning-mode-list-help = The organiser or the training officer of an agency puts people on the list.
learning-run-code = Class code
learning-run-course = Course
learning-run-unit = Organised by
learning-run-dates = Dates
learning-run-dates-value = from { $opens } to the end of { $closes }
learning-run-seats = Seats
learning-run-mode = Enrolment
learning-run-decision = Decision
learning-run-version = Course version
learning-run-lessons = Lessons
learning-run-tests = Tests
learning-lesson-done = Done
learning-test-passed = Passed
learning-run-completed = The class was completed on { $date }.
learning-run-waits = The unit on the first day of the class is not known, so the result is not recorded yet. Ask the training officer of the agency.
learning-run-not-yet = The class opens on { $date }. Lessons can be read from then on.
learning-run-ended = The class ended on { $date }. Its lessons can still be read.
learning-run-leave = Leave the class
learning-run-leave-help = The seat goes to somebody else. Progress is kept for a return.
learning-run-leave-submit = Leave the class
learning-run-enrol = Enrol
learning-run-enrol-self = Enrol in this class
learning-run-enrol-lead = Enrol to learn and to have the result recorded.
learning-run-access-code = Enrolment code
learning-run-access-code-help = 8 letters and digits, given by the organiser.
learning-run-list-only = This class takes nominated people only. Ask the training officer of the agency to be put on the list.
learning-run-full = The class is full.
learning-run-full-list = The class is full. The training officer of the agency can put people on its waiting list.
learning-wait-place = Waiting for a seat, number { $place } on the waiting list
learning-wait-since = On the waiting list since { $time }.
learning-wait-count = People waiting already: { $count }.
learning-wait-help = When a seat becomes free, it goes to whoever has waited longest. A notice in the inbox and an e-mail say so.
learning-wait-join = Join the waiting list
learning-wait-joined = On the waiting list, number { $place }.
learning-wait-leave = Leave the waiting list
learning-wait-left = Left the waiting list.
learning-wait-seats-free = There are free seats: enrol now, there is nothing to wait for.
learning-wait-not-waiting = Not on the waiting list: there is a seat already, or the list was left before.
learning-wait-title = Waiting list
learning-wait-lead = In the order of joining. A seat that becomes free goes to the first at once.
learning-wait-unit = Unit
learning-wait-joined-at = Waiting since
learning-wait-remove = Remove from waiting list
learning-wait-removed = { $name } was removed from the waiting list.
learning-enrolled = Enrolled.
learning-enrolled-already = Enrolled already.
learning-withdrawn = Left the class { $title }.
learning-enrol-over = The class ended on { $date }; enrolment is over.
learning-enrol-no-unit = The unit on { $date } is not known, so enrolment is not possible yet. Ask the training officer of the agency to add it.
learning-enrol-code-wrong = The enrolment code is not right
learning-enrol-code-needed = The enrolment code of the class is needed
learning-enrol-list-only = This class takes only people on its nomination list.
learning-enrol-full =
    { $seats ->
        [one] The one seat is taken.
       *[other] All { $seats } seats are taken.
    }
learning-enrol-prerequisites = Enrolment is not possible yet. To be completed first: { $courses }.
learning-withdraw-not-possible = Leaving is not possible: the completion is on record, or the class was left before.
learning-run-not-begun = The class opens on { $date }. Lessons can be read from then on.
learning-run-is-over = The class ended on { $date }; nothing more can be recorded.
learning-lesson-place =
    { $module } · Lesson { $number }/{ $total } · { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
learning-lesson-reviewed = Law last checked on { $date }
learning-lesson-finish = Mark as done
learning-lesson-finish-help = Press when the lesson has been read to its end.
learning-lesson-finished = Recorded as done at { $time }.
learning-lesson-done-at = Done at { $time }
learning-lesson-dwell = The server counts reading time while the page is open and in use; pages open side by side count once. Without JavaScript it is the time from opening the lesson to marking it as done. Single entries are kept for 30 days, then only the total for each lesson.
learning-lesson-dwell-counted =
    { $minutes ->
        [one] Reading time counted: { $read } of { $minutes } minute.
       *[other] Reading time counted: { $read } of { $minutes } minutes.
    }
learning-beat-unfit = The reading time that was sent is not valid and was not counted.
learning-batch-unfit = What was sent cannot be read.
learning-batch-old = This was done more than 30 days ago and can no longer be recorded.
learning-batch-gone = This lesson or question is not part of the class.
learning-queue-waiting = Not sent yet: { $count }. Kept on this device and sent when there is a connection.
learning-queue-sending = Sending…
learning-queue-sent = Sent and recorded: { $count }.
learning-queue-reload = Reload the page
learning-queue-here = Not sent yet. Kept on this device; it is sent when there is a connection.
learning-queue-memory = Not sent yet, and the browser does not allow keeping it on this device. Do not close this page.
learning-queue-signed-out = The session has ended. Not sent yet, and kept on this device: { $count }.
learning-queue-sign-in = Sign in again
learning-queue-stale = This page is out of date, so nothing could be sent. Kept on this device: { $count }.
learning-queue-gone = No longer in the class { $run }, so this cannot be sent: { $count }. It is kept on this device.
learning-queue-drop = Discard it
learning-queue-refused = Could not be recorded:
learning-lesson-nav = Lessons of the class
learning-lesson-previous = Previous: { $title }
learning-lesson-next = Next: { $title }
learning-completed = The class is completed. The result is on record.
learning-completed-flagged = All required items are done. It took far less time than the lessons need, so the result waits for confirmation by an authorised person.
learning-runs-title = Classes
learning-runs-none = There is no class within reach yet.
learning-runs-open = Open a class
learning-runs-enrolled = Enrolled
learning-runs-state = Status
learning-open-title = Open a class
learning-open-lead = A class keeps the current version of its course to its end, even when the course gets a new one.
learning-open-course-blank = Choose a course
learning-open-unit-blank = Choose a unit
learning-open-code-help = Capital letters, digits and hyphens, such as KT-01-2026-02. The code stands in the address of the class and never changes.
learning-open-name = Name of the class
learning-open-name-help = If left empty, the course title is used.
learning-open-opens = First day
learning-open-opens-help = The unit, position and group of each learner are taken as on this day.
learning-open-closes = Last day
learning-open-closes-help = Learning is possible to the end of this day.
learning-open-capacity-help = If left empty, there is no limit.
learning-open-decision-help = Number and date of the decision, such as 12/QĐ-CĐSQG of 05/01/2026.
learning-open-submit = Open the class
learning-run-opened = The class is open.
learning-run-course-version = { $code } · { $title } (version { $number })
learning-run-course-missing = Choose a course
learning-run-unit-missing = Choose the organising unit
learning-run-unit-not-valid = This unit does not exist on the first day of the class
learning-run-code-missing = Type the class code
learning-run-code-form = A class code has 2–40 capital letters, digits and hyphens
learning-run-code-taken = Another class has this code
learning-run-opens-form = Type the first day, such as 05/01/2026
learning-run-closes-form = Type the last day, such as 31/01/2026
learning-run-closes-before = The last day must not be before the first
learning-run-closes-past = The last day has passed
learning-run-capacity-form = The number of seats is a whole number from 1
learning-run-mode-missing = Choose how people enrol
learning-list-title = Learners
learning-list-count =
    { $count ->
        [1] One person
       *[other] { $count } people
    }, { $completed } completed
learning-list-none = Nobody is on the list yet.
learning-list-access-code = Enrolment code of the class:
learning-list-name = Name
learning-list-position = Unit, position
learning-list-progress = Done
learning-list-state = Status
learning-list-action = Action
learning-list-remove = Remove
learning-list-decide = See the result
learning-list-add = Add a learner
learning-list-add-label = E-mail, phone number or user name
learning-list-add-submit = Add to the list
learning-list-added = { $name } was added to the list.
learning-list-waits = The class is full. { $name } is number { $place } on the waiting list.
learning-list-add-wait = Add to the waiting list
learning-list-already = { $name } is on the list already.
learning-list-removed = { $name } was removed from the class.
learning-list-unknown = There is no such person within reach
learning-decide-title = Completion of { $name }
learning-decide-unit = Unit and position while learning
learning-decide-category = Group
learning-decide-occurred = Completed at
learning-decide-recorded = Recorded at
learning-decide-state = Status
learning-decide-why-flagged = The result does not count towards targets until it is confirmed, because:
learning-flag-reading = Reading time: { $read } of { $minutes } minutes computed from the content; at least { $percent }% is needed.
learning-flag-reading-seconds =
    { $read ->
        [one] Reading time: { $read } second of { $minutes } minutes computed from the content; at least { $percent }% is needed.
       *[other] Reading time: { $read } seconds of { $minutes } minutes computed from the content; at least { $percent }% is needed.
    }
learning-flag-reading-unknown = The time of study was less than 30% of the time computed from the content.
learning-flag-without-beats =
    { $count ->
        [one] Of one lesson only the opening and the end are known (no JavaScript, or reading time could not be sent); it counts for no more than its own minutes.
       *[other] Of { $count } lessons only the opening and the end are known (no JavaScript, or reading time could not be sent); each counts for no more than its own minutes.
    }
learning-flag-hasty =
    { $fast ->
        [one] “{ $title }”: { $fast } of { $answers } questions was answered in under { $seconds } seconds.
       *[other] “{ $title }”: { $fast } of { $answers } questions were answered in under { $seconds } seconds each.
    }
learning-decide-reason = Reason
learning-decide-reason-help = Kept with the decision; it cannot be changed.
learning-decide-accept = Confirm the result
learning-decide-void = Void the result
learning-attendance-title = Required attendance
learning-attendance-lead = A learner completes the class when the required items are done and enough sessions were attended by lists that a second person has confirmed. Coming late counts as attended.
learning-attendance-planned =
    { $count ->
        [one] The class has one session now.
       *[other] The class has { $count } sessions now.
    }
learning-attendance-help = It can be set only before the class opens, or while nobody is in it.
learning-attendance-none = None required
learning-attendance-least = At least some sessions
learning-attendance-all = All sessions
learning-attendance-field = Minimum number of sessions
learning-attendance-field-help = Only with “At least some sessions”.
learning-attendance-number = Enter a number of sessions from 1 to 200
learning-attendance-missing = Choose what attendance is required
learning-attendance-late = The class has opened and has learners, so the required attendance can no longer be changed.
learning-attendance-submit = Save
learning-attendance-changed = The required attendance is saved.
learning-attendance-owed =
    { $needed ->
        [one] { $attended }/{ $needed } session attended
       *[other] { $attended }/{ $needed } sessions attended
    }
learning-attendance-mine = Required attendance:
learning-attendance-asks =
    { $needed ->
        [one] At least one session must be attended to complete
       *[other] At least { $needed } sessions must be attended to complete
    }
learning-attendance-asks-all = All sessions must be attended to complete
learning-attendance-sessions = Sessions
learning-attendance-see =
    { $count ->
        [one] See one session
       *[other] See { $count } sessions
    }
learning-attendance-count =
    { $count ->
        [one] { $count } session
       *[other] { $count } sessions
    }
learning-coming-title = Upcoming sessions
learning-coming-join = Join
learning-standing-in-question = Awaits a decision
learning-decide-short = After the completion the attendance was corrected: { $short }. Decide whether the result stands or is voided.
learning-decide-keep = Let the result stand
learning-decided-kept = The result stands; the reason is in the log.
learning-decide-void-help = A voided result counts towards no target any more. The decision is on record, and the old result can still be seen.
learning-decide-done = The final decision on this result has been made.
learning-decide-reason-missing = Give a reason
learning-decide-reason-long = The reason is longer than 500 characters
learning-decide-own = Nobody decides about a result of their own.
learning-decide-already = This result has been decided on before.
learning-decide-not-flagged = This result counts already and needs no confirmation.
learning-decided-accepted = The result is confirmed.
learning-decided-voided = The result is voided.
learning-capacity-title = Change seats
learning-capacity-now =
    { $taken ->
        [one] The class has one learner.
       *[other] The class has { $taken } learners.
    }
learning-capacity-waiting =
    { $count ->
        [one] One person waits; a new seat goes to them at once.
       *[other] { $count } people wait; new seats go to those who have waited longest.
    }
learning-capacity-help = Not fewer than the learners it has.
learning-capacity-submit = Save seats
learning-capacity-taken =
    { $taken ->
        [one] The class has one learner; give no smaller number
       *[other] The class has { $taken } learners; give no smaller number
    }
learning-capacity-over = The class has ended, so its seats cannot be changed.
learning-capacity-changed = Seats were changed. Seats: { $seats }; learners: { $taken }.
