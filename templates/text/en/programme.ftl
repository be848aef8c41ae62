# Programmes, cohorts, the register of core experts.
nav-programmes = Programmes
home-programme = See my programme
home-to-recognise =
    { $count ->
        [one] One person meets the requirements and waits for a decision
       *[other] { $count } people meet the requirements and wait for a decision
    }
home-to-review =
    { $count ->
        [one] The recognition of one expert needs review
       *[other] The recognition of { $count } experts needs review
    }
programme-title = Programmes
programme-lead = Training programmes that lead to a recognition, their cohorts, and how many people are at each stage.
programme-lead-part = Training programmes that lead to a recognition. The figures are those of the unit’s people.
programme-part = The figures are those of people sent by the unit and the units below it.
programme-none = No programme yet
programme-row = Cohorts: { $cohorts } · people with a seat: { $held } · experts: { $experts }
programme-to-recognise = Waiting for recognition: { $count }
programme-review-count =
    { $count ->
        [one] The recognition of one expert needs review
       *[other] The recognition of { $count } experts needs review
    }
programme-held = With a seat
programme-held-short = Seats
programme-experts = Experts
programme-funnel = People by stage
programme-stage = Stage
programme-people-head = People
programme-stage-count = { $stage } ({ $count })
programme-everybody = Everybody
programme-filter = Narrow by stage
programme-cohorts = Cohorts
programme-cohorts-caption = The latest first
programme-cohorts-none = No cohort was opened yet.
programme-cohort = Cohort
programme-cohort-open = Open a cohort
programme-cohort-lead =
    A cohort has a nomination round and classes. At most { $count ->
        [one] { $count } person has
       *[other] { $count } people have
    } a seat in it.
programme-cohort-opened = The cohort is open. Who was nominated in the round is in it.
programme-cohort-round = Nomination round
programme-cohort-round-help = Who is nominated and approved in this round comes into the cohort; the class of the round is a class of the cohort.
programme-cohort-round-none = None
programme-counts-from = Results count from
programme-counts-from-help = Courses completed before this day do not count.
programme-round = Nomination round
programme-seats = approved { $approved }/{ $total }, waiting list { $waiting }
programme-people = People in the cohort
programme-people-caption =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
programme-people-none = Nobody is at this stage
programme-nominated-as = When nominated
programme-runs = Classes of the cohort
programme-runs-none = No class yet.
programme-run-taken = Learners: { $count }
programme-run-code = Class code
programme-run-help = A class of a course that the programme requires, such as KT-01-2026.
programme-run-add = Add the class to the cohort
programme-run-added = The class { $name } is in the cohort.
programme-asks = Requirements
programme-asks-none = No group of courses yet. Without one nobody can be recognised.
programme-rule-all = { $all ->
    [1] 1 course must be completed
   *[other] All { $all } courses must be completed
  }
programme-rule-some = { $all ->
        [one] At least { $needed } of { $all } course must be completed
       *[other] At least { $needed } of { $all } courses must be completed
    }
programme-group = Group of courses
programme-group-add = Add a group of courses
programme-group-edit = Change
programme-group-drop-help = The courses of the group are no longer required by the programme.
programme-group-drop = Leave this group out
programme-group-saved = The group of courses is saved.
programme-group-dropped = The group of courses is left out.
programme-group-courses = Courses of the group
programme-group-courses-help = Enter course codes beside how they are held, separated by commas. Codes there are:
programme-needed = Courses to be completed
programme-needed-help = Leave empty for all of them.
programme-posts = Eligible posts
programme-posts-none = No post was entered yet.
programme-post = Eligible post
programme-post-add = Add a post
programme-post-edit = Change
programme-post-drop-help = Holders of this post can no longer be nominated. Nothing changes for those already taking part.
programme-post-drop = Leave this post out
programme-post-saved = The post is saved.
programme-post-dropped = The post is left out.
programme-post-kinds = In these kinds of agencies
programme-post-words = Known by these words
programme-post-words-help = One way to call it on each line. A + joins parts that must stand in the position or the name of the unit, such as: giám đốc + trung tâm công nghệ thông tin. Deputies do not count.
programme-terms = Terms
programme-cap = Most people in one cohort
programme-cap-help = Never more than this many have a seat in one cohort.
programme-cap-value =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
programme-period = Period
programme-period-from = From
programme-period-to = To
programme-period-open = without end
programme-validity = A recognition holds
programme-validity-value =
    { $months ->
        [one] { $months } month
       *[other] { $months } months
    }; notice { $days ->
        [one] { $days } day
       *[other] { $days } days
    } before
programme-validity-none = A recognition does not end
programme-validity-months = A recognition holds (months)
programme-validity-help = Leave empty for no end. A change holds for decisions made after it.
programme-notice-days = Notice before the end (days)
programme-notice-help = The expert and the agency are told once; 0 for no notice.
programme-create = Add a programme
programme-created = The programme was added. Next: its groups of courses and its eligible posts.
programme-edit = Change the terms of the programme
programme-changed = The programme is saved.
programme-save = Save
programme-name-vi = Vietnamese name
programme-name-en = English name
programme-code = Code
programme-code-help = Lower-case letters without accents, digits and hyphens, such as chuyen-gia-2026
programme-document = Legal basis
programme-document-number = Number of the document
programme-document-date = Date of issue
programme-document-issuer = Issuer
programme-document-subject = Subject
programme-document-dated = { $number } of { $date }
programme-decide = Decision on recognition
programme-decide-filter = Kind of decision
programme-decide-recognise = Recognise
programme-decide-renew = Renew
programme-recognise-caption = Requirements met
programme-renew-caption = Recognition ends soon or ended
programme-recognise-none = Nobody waits for recognition
programme-renew-none = Nobody’s recognition ends soon or ended
programme-decide-all =
    { $count ->
        [one] Choose the one person of the list
       *[other] Choose all { $count } people of the list
    }
programme-decide-validity =
    A recognition holds { $months ->
        [one] { $months } month
       *[other] { $months } months
    } from the day it comes into effect.
programme-recognise = Recognise the chosen people
programme-renew = Renew for the chosen people
programme-recognised = People recognised: { $count }.
programme-renewed = Recognitions renewed: { $count }.
programme-decided-already = There is a decision about the chosen people already; nothing changed.
programme-decision = Decision
programme-decision-number = Number
programme-decision-number-help = Such as 12/QĐ-BKHCN
programme-decision-date = Signed on
programme-decision-signer = Signed by
programme-decision-signer-help = Position and full name
programme-decision-effective = In effect from
programme-decision-effective-help = Leave empty for the day it was signed.
programme-decision-file = Signed PDF (if there is one)
programme-by-decision = Decision { $number } of { $date }
programme-own-title = My programmes
programme-own-none = In no programme yet
programme-own-nominations = My nominations
programme-days = Live and in-person classes to come
programme-done-of =
    { $needed ->
        [one] { $done } of { $needed } course
       *[other] { $done } of { $needed } courses
    }
programme-course-done = Completed
programme-course-open = Not completed
programme-builds-on = first: { $courses }
programme-held-opening = Seat held; the class opens on { $date }
programme-held-class = With the coordinating body: a class is being arranged
programme-held-learner = With the learner: studying
programme-held-decision = With the coordinating body: the decision on recognition is awaited
programme-held-effect = Decided, not in effect yet
programme-held-active = The recognition is in effect
programme-held-renewal = Lapsed, a renewal may be decided
programme-step-nominate = Nomination
programme-step-approve = Approval
programme-step-study = Study
programme-step-fulfil = Requirements
programme-step-recognise = Recognition
programme-refused-cap = The cohort has as many people as the programme allows.
programme-refused-own = Nobody recognises themselves; another coordinator is needed.
programme-refused-settled = This was reviewed already. Open the page again.
programme-fault-long = Enter at most 200 characters
programme-fault-missing = Enter something here
programme-fault-day = Enter a day, such as 05/04/2026
programme-fault-number = Enter a whole number that fits
programme-fault-order = The end must come after the beginning
programme-fault-future = Not after today
programme-fault-before = Not before the day it was signed
programme-fault-code = Use lower-case letters without accents, digits and hyphens, 2 to 60 characters
programme-fault-code-taken = This code is taken
programme-fault-cap-held = A cohort has more people than this
programme-fault-courses-many = At most 30 courses in a group
programme-fault-course-unknown = There is no course { $value }
programme-fault-course-twice = The course { $value } is in the programme already
programme-fault-no-course = Enter at least one course
programme-fault-needed = Not more than the courses of the group
programme-fault-words = Enter 1 to 30 lines of at most 200 characters
programme-fault-kinds = Choose at least one kind of agency
programme-fault-round-unknown = There is no such round
programme-fault-round-taken = This round belongs to another cohort
programme-fault-run-unknown = There is no class of this code
programme-fault-run-course = The programme does not require the course of this class
programme-fault-none-chosen = Choose at least one person
programme-fault-list-changed = The list changed since the page was opened; look at it and send again
experts-title = Register of core experts
experts-lead = Those who are recognised, and those on the way in a programme.
experts-coverage = Coverage of posts
experts-coverage-lead = Which eligible posts have an expert, and which are vacant. Figures as of { $time }.
experts-part = Only the agencies within one’s reach.
experts-search = Search by name
experts-search-help = Accents are not needed.
experts-agency = Agency
experts-post = Post
experts-programme = Programme
experts-all = All
experts-clear = Show all
experts-show = Show
experts-count =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
experts-as-of = figures as of { $time }
experts-none = Nobody fits what was chosen
experts-works = Works now as
experts-works-nowhere = In no unit at present
experts-until = in effect until { $date }
experts-validity = Recognition in effect
experts-review = Needs review
experts-review-help = A result or a nomination on which the recognition rests has fallen away. The recognition stands until the coordinator decides.
experts-settle = Let the recognition stand
experts-settle-help = The reason is kept in the history.
experts-settled = The review is noted.
experts-decision-file = See the file
experts-stage-experts = Current experts
experts-stage-everybody = Every stage
experts-stage-review = Needs review
experts-posts = Eligible posts
experts-posts-unit =
    { $count ->
        [one] post
       *[other] posts
    }
experts-nobody = Vacant posts
experts-filled-expert = With an expert
experts-filled-underway = In training
experts-filled-nobody = Vacant
experts-agencies-of = Each agency: { $kind }
experts-agencies-count =
    { $count ->
        [one] { $count } agency
       *[other] { $count } agencies
    }
experts-agencies-filter = Narrow the agencies
experts-agencies-gap = With a vacant post
experts-agencies-all = All
experts-no-gap = No post is vacant
experts-no-posts = No eligible post within one’s reach
## dynamic
programme-delivery-e-learning = E-learning
programme-delivery-live = Live by video
programme-delivery-in-person = In person
programme-stage-nominated = Nominated
programme-stage-approved = Approved
programme-stage-studying = Studying
programme-stage-fulfilled = Requirements met
programme-stage-recognised = Recognised, not in effect yet
programme-stage-active = In effect
programme-stage-lapsed = Lapsed
programme-stage-withdrawn = Withdrawn
programme-stage-replaced = Replaced
programme-stage-rejected = Rejected
programme-event-nominated = Nominated
programme-event-approved = Approved, has a seat
programme-event-studying = Began to study
programme-event-fulfilled = Requirements met
programme-event-reopened = Requirements no longer met, goes on studying
programme-event-recognised = Recognised
programme-event-activated = The recognition came into effect
programme-event-renewed = Renewed
programme-event-lapsed = The recognition lapsed
programme-event-withdrawn = The unit withdrew the nomination
programme-event-replaced = The unit sent somebody else
programme-event-rejected = The nomination was rejected
programme-event-doubted = Needs review: what it rests on changed
programme-event-settled = Reviewed, the recognition stands
