# The first page and the main navigation.
nav-home = To do
nav-learning = My classes
nav-courses = Courses
nav-classes = Classes
nav-styleguide = Styles
home-title = Nòng Cốt
home-lead = The learning platform for officials in e-government architecture and digital transformation.
home-today = To do
home-catalogue = Course catalogue
nav-targets = Targets
nav-quotas = Quotas
nav-reports = Reports
nav-nominations = Nominations
nav-reminders = Reminders
nav-certificates = Certificates
nav-register = Register
nav-organisations = Organisations
nav-people = People
nav-audit = Log
nav-system = System
home-progress = Done
home-others =
    { $count ->
        [one] One more class is under way
       *[other] { $count } more classes are under way
    }
home-nothing = No learning is waiting just now
home-failed-jobs =
    { $count ->
        [one] One background job failed
       *[other] { $count } background jobs failed
    }
home-quotas =
    { $count ->
        [one] One quota waits for an answer
       *[other] { $count } quotas wait for an answer
    }
home-revocations =
    { $count ->
        [one] One certificate waits for a decision to revoke it
       *[other] { $count } certificates wait for a decision to revoke them
    }
home-targets = Targets under way
home-counted = Counted
home-people = { $required ->
        [one] { $counted }/{ $required } person ({ $share })
       *[other] { $counted }/{ $required } people ({ $share })
    }
home-turns = { $required ->
        [one] { $counted }/{ $required } turn ({ $share })
       *[other] { $counted }/{ $required } turns ({ $share })
    }
home-agencies = { $all ->
        [one] { $counted }/{ $all } agency ({ $share }), { $required }% required
       *[other] { $counted }/{ $all } agencies ({ $share }), { $required }% required
    }
home-returned =
    { $count ->
        [one] One nomination was returned to be put right
       *[other] { $count } nominations were returned to be put right
    }
home-to-decide =
    { $count ->
        [one] One nomination waits for a decision
       *[other] { $count } nominations wait for a decision
    }
home-nominated = See how my nomination stands
home-pace =
    { $needed } { $unit } needed a week, { $actual } reached; { $days ->
        [one] today is the last day.
       *[other] { $days } days left, today included.
    }
home-late =
    { $count ->
        [one] One learner due or overdue
       *[other] { $count } learners due or overdue
    }
home-late-all =
    { $count ->
        [one] See the one enrolment
       *[other] See all { $count } enrolments
    }
home-seats = Seats allocated
home-seats-used = { $amount ->
        [one] { $taken } of { $amount } seat used or passed on
       *[other] { $taken } of { $amount } seats used or passed on
    }
home-seats-until = until { $day }
home-learning = Learning
home-part-people =
    { $n ->
        [one] { $counted } person
       *[other] { $counted } people
    }
home-part-turns =
    { $n ->
        [one] { $counted } turn
       *[other] { $counted } turns
    }
home-coming = Upcoming sessions
home-attendance =
    { $count ->
        [one] One attendance list is to be written and submitted
       *[other] { $count } attendance lists are to be written and submitted
    }
nav-group-learning = Learning
nav-group-training = Training
nav-group-targets = Targets and reports
nav-group-records = Records
nav-group-system = Operation
home-minutes =
    { $count ->
        [one] 1 minute
       *[other] { $count } minutes
    }
home-outside =
    { $count ->
        [one] One class outside the system waits for a second person
       *[other] { $count } classes outside the system wait for a second person
    }
home-change-drafts =
    { $count ->
        [one] One decision on a change of organisation is not carried out yet
       *[other] { $count } decisions on changes of organisation are not carried out yet
    }
home-changes =
    { $count ->
        [one] One change of organisation from { $from } to { $to } may move the figures
       *[other] { $count } changes of organisation from { $from } to { $to } may move the figures
    }
home-results = Latest results
home-result-passed = Passed
home-result-waits = Waits for a decision
home-result-voided = Result voided
home-result-missed = Not completed
home-certificates = Certificates issued
home-teaching = Classes in my charge
home-teaching-none = No class is open.
home-teaching-all = See all classes
home-teaching-more =
    { $count ->
        [one] See one more class
       *[other] See { $count } more classes
    }
home-teaching-sessions = Upcoming sessions
home-run-seats = Learners: { $count } of { $seats }
home-run-learners = Learners: { $count }
home-reviews = Courses due for a legal review
home-reviews-lead = Every course is checked against the law at least every 6 months.
home-reviews-none = Every course was reviewed within the last 6 months.
home-reviewed-on = reviewed { $day }
home-records = Certificates
home-records-caption = Certificates by register year
home-records-year = Year
home-records-issued = Issued
home-records-valid = In force
home-records-replaced = Replaced
home-records-revoked = Revoked
home-records-total = Total
home-records-none = No certificate was issued yet.
home-records-in-order = No certificate in force belongs to a voided result.
home-log = Log
home-log-sealed = Rows sealed: { $count }.
home-log-unsealed = Rows waiting to be sealed: { $count }.
home-log-look = See the log
home-health = System status
home-health-ready = Jobs waiting or running
home-health-active = Active accounts
home-health-invited = No password yet
home-health-disabled = Locked
home-health-accounts =
    { $count ->
        [one] account
       *[other] accounts
    }
home-health-look = See the jobs
home-also-turns =
    { $n ->
        [one] { $counted } turn.
       *[other] { $counted } turns.
    }
home-target-map = Map of provinces
home-target-central = Central agencies
home-target-report = Make a report
home-target-seal = Seal the figures
home-open-to-all = Without signing in
home-about-courses = What each course teaches, how long it takes, and what completes it.
home-about-figures = How far the training targets are reached; no personal data.
home-about-look-up = Check a certificate by the lookup code printed on it.
home-hardest-share = { $share } right
home-hardest-people = { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
home-records-issuers = Certificates by the issuing body as printed on them
home-records-issuer = Issuing body
home-map-lowest = Lowest
home-map-all = Map and table of all provinces and cities
