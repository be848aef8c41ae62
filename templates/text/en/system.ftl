# The system and the log.
system-title = System
system-backup = Last backup
system-backup-none = None
system-backup-minutes = minutes ago
system-backup-hours = hours ago
system-backup-days = days ago
system-backup-made = Data up to { $time }, { $size }.
system-backup-old = Older than { $hours } hours: a backup is due.
system-backup-missing = User files missing in it: { $count }.
system-backup-never = No backup is on record.
system-backup-restored = This database was restored from a backup of { $time }; none was made of it since.
system-backup-do = Run nongcot backup once a day.
system-jobs = Background jobs
system-jobs-unit =
    { $count ->
        [one] job
       *[other] jobs
    }
system-jobs-failed = Failed jobs
system-jobs-ready = Waiting
system-jobs-running = Running
system-jobs-lead = Mend the cause first, then run the job again. A discarded job cannot be run again.
system-jobs-caption = Failed jobs, newest first
system-jobs-none = No job has failed.
system-jobs-older = Older jobs
system-job = Job
system-job-reason = Reason
system-job-attempts = Attempts
system-job-created = Asked for at
system-job-action = Action
system-job-retry = Run again
system-job-retried = The job is waiting again.
system-job-discard = Discard
system-job-discarded = The job was discarded.
system-job-gone = This job is no longer a failed one.
system-job-waiting = A job of this kind is waiting or running already; there is no need to run this one.
# dynamic
system-job-accounts-link-letter = Send a letter with a one-time link
# dynamic
system-job-accounts-forget-failures = Forget old sign-in failures
# dynamic
system-job-accounts-import = Work on an imported list
# dynamic
system-job-accounts-forget-imports = Forget lists that nobody confirmed
# dynamic
system-job-programmes-fill-seats = Give free seats to those who wait
# dynamic
system-job-audit-seal = Seal the log
# dynamic
system-job-audit-seal-missed = Seal what became visible late in the log
# dynamic
system-job-database-look-over = Update the database statistics
# dynamic
system-job-notifications-letter = Send a notice by mail
# dynamic
system-job-certificates-issue = Issue a certificate
# dynamic
system-job-certificates-issue-missing = Issue certificates that waited for a signer
# dynamic
system-job-courses-render = Render courses imported by an older version
# dynamic
system-job-learning-freeze = Freeze the units of learners on the first day
# dynamic
system-job-learning-forget-beats = Forget entries of reading time older than 30 days
# dynamic
system-job-targets-close-ended = Close targets that have ended
# dynamic
system-job-targets-prepare-seal = Compute the figures of a seal
# dynamic
system-job-targets-count-backlog = Count earlier results towards a target
# dynamic
system-job-assessments-submit = Submit tests whose time is over
# dynamic
system-job-assessments-tally = Count answers by question
# dynamic
system-job-events-tell = Tell learners about a session
# dynamic
system-job-learning-settle-attended = Settle completions after confirmed attendance
# dynamic
system-job-programmes-follow = Bring the stages of cohorts up to date
# dynamic
system-job-programmes-experts = Warn of and end recognitions that run out
# dynamic
system-job-reminders-send = Send reminders
# dynamic
system-job-reorganisations-work = Carry out a change of organisation
# dynamic
system-job-reports-build = Build a report
system-program = The program
system-version = Version
system-uptime = Running for
system-uptime-value =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    } { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
system-database = Database
system-database-sqlite = SQLite (a file on this server)
system-database-postgres = PostgreSQL
system-storage = File storage
system-storage-folder = The folder { $place }
system-storage-s3 = The S3 store { $place }
system-mail = E-mail
system-mail-folder = Written into a folder, not sent: { $place }
system-mail-smtp = The server { $place }
audit-title = Log
audit-sealed =
    { $count ->
        [one] { $count } record is sealed.
       *[other] { $count } records are sealed.
    }
audit-waiting =
    { $count ->
        [one] { $count } new record waits to be sealed.
       *[other] { $count } new records wait to be sealed.
    }
audit-hash = Last seal:
audit-filter-action = Kind of action
audit-filter-all = All
audit-filter-object = Object number
audit-filter-submit = Filter
audit-filter-clear = Clear
audit-caption = Who did what, last recorded first
audit-at = Time
audit-who = Who
audit-what = What
audit-change = Before → after
audit-position = Seal number
audit-unsealed = waiting
audit-system = The system
audit-reason = Reason:
audit-older = Older records
audit-none = There is no record yet
audit-list = { $kind }: the list
audit-yes = yes
audit-no = no
## dynamic
audit-noun-person = People
audit-noun-membership = Memberships
audit-noun-role = Roles
audit-noun-session = Signing in
audit-noun-password = Passwords
audit-noun-link = Links and slips
audit-noun-token = API tokens
audit-noun-unit = Units
audit-noun-unit-change = Change of organisation
audit-noun-units = Imports of units
audit-noun-course = Courses
audit-noun-class = Classes
audit-noun-material = Class files
audit-noun-attempt = Tests
audit-noun-enrolment = Enrolments
audit-noun-completion = Completions
audit-noun-certificate = Certificates
audit-noun-target = Targets
audit-noun-backup = Backups
audit-noun-job = Background jobs
audit-noun-import = Imported list
audit-noun-nomination = Nomination
audit-noun-expert = Core experts
audit-noun-programme = Programmes
audit-kind-people = Person
audit-kind-memberships = Membership
audit-kind-role-grants = Role
audit-kind-sessions = Sign-in
audit-kind-one-time-links = Link
audit-kind-api-tokens = API token
audit-kind-units = Unit
audit-kind-unit-changes = Change of organisation
audit-kind-courses = Course
audit-kind-class-runs = Class
audit-kind-class-files = File
audit-kind-enrolments = Enrolment
audit-kind-waiting-list = Waiting list
audit-kind-completion-events = Result
audit-kind-attempts = Attempt
audit-kind-certificates = Certificate
audit-kind-settings = Setting
audit-kind-targets = Target
audit-kind-outside-classes = Class outside the system
audit-kind-seals = Seal
audit-kind-backups = Backup
audit-kind-jobs = Job
audit-kind-people-imports = Imported list
audit-kind-nominations = Nomination
audit-kind-programmes = Programme
audit-kind-programme-cohorts = Cohort
audit-kind-programme-members = Expert
audit-kind-programme-decisions = Decision on recognition
audit-kind-class-sessions = Class session
audit-kind-class-sites = Site
audit-kind-attendance-lists = Attendance list
audit-action-attempt-start = Test begun
audit-action-attempt-submit = Test submitted
audit-action-backup-make = Backup made
audit-action-backup-restore = Restored from a backup
audit-action-bench-data-fill = Data for measuring made
audit-action-certificate-issue = Certificate issued
audit-action-certificate-revoke = Certificate revoked
audit-action-certificate-reissue = Certificate issued anew
audit-action-certificate-replace = Certificate replaced
audit-action-certificate-export = Register downloaded
audit-action-certificate-signers = Signer of certificates changed
audit-action-class-open = Class opened
audit-action-class-capacity = Seats of a class changed
audit-action-class-attendance = Required attendance changed
audit-action-class-session-plan = Session planned
audit-action-class-session-change = Session changed
audit-action-class-session-cancel = Session cancelled
audit-action-class-site-add = Site added
audit-action-class-site-change = Site changed
audit-action-class-site-remove = Site removed
audit-action-class-site-seat = Site chosen or assigned
audit-action-attendance-write = Attendance written
audit-action-attendance-import = Attendance imported from a table
audit-action-attendance-scan = Signed sheet attached
audit-action-attendance-submit = Attendance list submitted
audit-action-attendance-confirm = Attendance list confirmed
audit-action-attendance-return = Attendance list given back
audit-action-attendance-correct = Correction of attendance begun
audit-action-material-add = File added
audit-action-material-remove = File removed
audit-action-material-restore = File restored
audit-action-completion-create = Completion recorded
audit-action-completion-accept = Result accepted
audit-action-completion-void = Result voided
audit-action-completion-keep = Result kept
audit-action-course-import = Course imported
audit-action-enrolment-create = Enrolled in a class
audit-action-enrolment-withdraw = Withdrawn from a class
audit-action-enrolment-wait = Join a waiting list
audit-action-enrolment-wait-end = Leave a waiting list
audit-action-enrolment-freeze = Unit of a learner frozen
audit-action-job-discard = Background job discarded
audit-action-job-retry = Background job run again
audit-action-link-command-line = Sign-in link made on the command line
audit-action-link-make = One-time link or slip made
audit-action-token-make = API token created
audit-action-token-revoke = API token revoked
audit-action-membership-begin = Membership begun
audit-action-membership-decision = Note the decision about a place of work
audit-action-membership-end = Membership ended
audit-action-password-set = Password set
audit-action-person-create = Account created
audit-action-person-lock = Account locked
audit-action-person-unlock = Account unlocked
audit-action-person-look-up = Personal data looked up
audit-action-unit-change-prepare = Prepare a change of organisation
audit-action-unit-change-revise = Edit a change of organisation
audit-action-unit-change-discard = Throw a change of organisation away
audit-action-unit-change-confirm = Confirm a change of organisation
audit-action-unit-change-return = Return a change of organisation to be looked at
audit-action-unit-change-do = Do a change of organisation
audit-action-unit-change-undo = Take a change of organisation back
audit-action-unit-begin = Begin a unit
audit-action-unit-end = End a unit
audit-action-unit-place = Set the parent unit of a unit
audit-action-role-end = Role taken away
audit-action-role-grant = Role granted
audit-action-session-begin = Signed in
audit-action-session-end = Session ended
audit-action-session-end-others = Other sessions ended
audit-action-outside-enter = Class outside the system entered
audit-action-outside-confirm = Class outside the system confirmed
audit-action-outside-reject = Class outside the system rejected
audit-action-outside-void = Result of a class outside the system voided
# dynamic
audit-action-reminder-ask = Asked for reminders
# dynamic
audit-action-report-request = Asked for a report
# dynamic
audit-action-report-retry = Tried a failed report again
# dynamic
audit-action-report-names = Took the list of names of a report away
audit-action-seal-prepare = Seal of figures prepared
audit-action-seal-sign = Seal of figures signed
audit-action-seal-withdraw = Prepared seal withdrawn
audit-action-seal-forget = A person's link to the seals deleted
audit-action-target-create = Target created
audit-action-target-state = Status of a target changed
audit-action-quota-open = Round of quotas opened
audit-action-quota-close = Round of quotas closed
audit-action-quota-allocate = Seats allocated to a unit
audit-action-quota-accept = Quota accepted by the unit
audit-action-quota-ask = Another amount asked for by the unit
audit-action-quota-grant = Another amount granted
audit-action-quota-decline = Another amount declined
audit-action-quota-reallocate = Seats moved between units
audit-action-quota-return = Seats given back by the unit
audit-action-quota-take-seat = Seat taken by a nominee
audit-action-quota-return-seat = Seat of a nominee given back to the unit
audit-action-target-amend = Target amended
audit-action-target-close = Target closed early
audit-action-target-supersede = Target replaced
audit-action-unit-change = Unit changed
audit-action-units-import = List of units imported
audit-action-person-withdraw = Withdrew an unused account
audit-action-import-open = Sent a list to import
audit-action-import-map = Chose the columns of a list
audit-action-import-choose = Decided about rows that may be doubles
audit-action-import-confirm = Confirmed a list
audit-action-import-apply = Imported a list
audit-action-import-stop = Stopped importing a list
audit-action-import-discard = Discarded a list
audit-action-import-undo = Took a list back
audit-action-nomination-draft = Nominated somebody
audit-action-nomination-submit = Submitted a nomination
audit-action-nomination-resubmit = Submitted a nomination again
audit-action-nomination-endorse = Endorsed a nomination
audit-action-nomination-approve = Approved a nomination
audit-action-nomination-wait = Put on the waiting list
audit-action-nomination-seat = Seated from the waiting list
audit-action-nomination-return = Returned a nomination
audit-action-nomination-reject = Rejected a nomination
audit-action-nomination-withdraw = Withdrew a nomination
audit-action-nomination-replace = Replaced a nominee
audit-action-nomination-rules = Set the conditions of a round
audit-action-programme-create = Added a programme
audit-action-programme-change = Changed the terms of a programme
audit-action-programme-group = Changed the course requirements of a programme
audit-action-programme-post = Changed an eligible post
audit-action-programme-cohort = Opened a cohort
audit-action-programme-class = Added a class to a cohort
audit-action-programme-decide = Entered a decision on recognition
audit-action-expert-nominate = Brought a nominee into a cohort
audit-action-expert-approve = Approved in a cohort
audit-action-expert-study = Began to study in a programme
audit-action-expert-fulfil = Met the requirements of a programme
audit-action-expert-reopen = No longer meets the requirements
audit-action-expert-recognise = Recognised an expert
audit-action-expert-activate = A recognition came into effect
audit-action-expert-renew = Renewed a recognition
audit-action-expert-lapse = A recognition lapsed
audit-action-expert-withdraw = Withdrew from a cohort
audit-action-expert-replace = Replaced in a cohort
audit-action-expert-reject = Rejected for a cohort
audit-action-expert-doubt = Marked a recognition as needing review
audit-action-expert-settle = Reviewed, the recognition stands
audit-field-stage = Stage
audit-field-title-vi = Vietnamese name
audit-field-title-en = English name
audit-field-needed = Courses needed
audit-field-sessions-needed = Sessions required
audit-field-words = Known by words
audit-field-dated = Signed on
audit-field-signer = Signed by
audit-field-effective-from = In effect from
audit-field-counts-from = Results count from
audit-field-programme = Programme
audit-field-round = Round
audit-field-cap = Most people
audit-field-document-number = Document number
audit-field-document-date = Document date
audit-field-document-issuer = Issuer
audit-field-document-subject = Subject
audit-field-period-from = From
audit-field-period-to = To
audit-field-validity-months = Holds (months)
audit-field-notice-days = Notice (days)
audit-field-assessment = Test
audit-field-deadline-at = Deadline
audit-field-submitted-at = Submitted at
audit-field-submitted-by = Submitted by
audit-field-points-permille = Points (per mille)
audit-field-is-passed = Passed
audit-field-capacity = Seats
audit-field-enrolment = Enrolment
audit-field-decision = Decision
audit-field-category = Group
audit-field-closes-at = Closes
audit-field-code = Code
audit-field-courses = Courses
audit-field-created = Created
audit-field-decision-date = Date of the decision
audit-field-decision-number = Number of the decision
audit-field-completion = Completion
audit-field-course = Course
audit-field-kinds = Kinds of agencies
audit-field-known-at = Known at
audit-field-previous = Hash of the one before
audit-field-roster = Roster
audit-field-seals = Number of seals
audit-field-target = Target
audit-field-turns = Turns
audit-field-event = Record
audit-field-from = From
audit-field-frozen = Unit frozen
audit-field-hash = Content hash
audit-field-born = Born
audit-field-count = Rows
audit-field-ground = Ground
audit-field-holder = Name
audit-field-replaced-by = Replaced by
audit-field-is-flagged = To be reviewed
audit-field-kind = Kind
audit-field-metric = Counted as
audit-field-name = Name
audit-field-resources = May read
audit-field-until = Works until
audit-field-name-en = English name
audit-field-name-vi = Vietnamese name
audit-field-note = Note
audit-field-number = Number
audit-field-occurred-at = Happened at
audit-field-opens-at = Opens
audit-field-parent = Parent unit
audit-field-people = People
audit-field-person = Person
audit-field-position = Position
audit-field-register-number = Register number
audit-field-required = Required
audit-field-role = Role
audit-field-run = Class
audit-field-search = Searched for
audit-field-state = Status
audit-field-title = Title
audit-field-to = To
audit-field-unit = Unit
audit-field-bytes = Length in bytes
audit-field-rows = Rows
audit-field-files = Files
audit-field-missing-files = Files missing
audit-field-version = Version
audit-field-begun = Units begun
audit-field-categories = Groups
audit-field-changed = Attendance marks changed
audit-field-chosen = People chosen
audit-field-completions = Completions
audit-field-delta = Seats more or less
audit-field-ended = Units ended
audit-field-ends-at = Ends at
audit-field-file = File
audit-field-into = Into the unit
audit-field-invites = Invitations sent
audit-field-issuer = Issued by
audit-field-keeper = Keeper of the list
audit-field-letter = Letter
audit-field-link = Link to the online room
audit-field-mapping = Columns chosen
audit-field-marks = Attendance marks
audit-field-names = With a list of names
audit-field-place = Place
audit-field-positions = Positions admitted
audit-field-purpose = Purpose
audit-field-quota = Quota
audit-field-roles = Roles
audit-field-seal = Seal of figures
audit-field-site = Site
audit-field-source = Source
audit-field-starts-at = Starts at
audit-field-steps = Steps of approval
audit-field-subject = Subject
audit-field-successors = Successor units
audit-field-units = Units
audit-field-valid = Valid rows
audit-kind-quota-rounds = Round of quotas
audit-kind-quotas = Quota
audit-kind-reports = Report
audit-kind-reminder-batches = Batch of reminders
audit-file-pdf = PDF document
audit-file-xlsx = XLSX spreadsheet
audit-file-csv = CSV
audit-file-json = JSON
audit-file-names-xlsx = names in XLSX
audit-file-names-csv = names in CSV
audit-purpose-people = accounts
audit-purpose-nominate = nomination
audit-source-xlsx = XLSX spreadsheet
audit-source-csv = CSV
audit-source-paste = pasted into the page
audit-submitted-by-learner = handed in by the learner
audit-submitted-by-deadline = handed in when time was up
audit-reason-password = by password
audit-reason-sign-in = by a sign-in link
audit-reason-reset = password reset
audit-reason-invitation = invitation
audit-reason-slip = sign-in slip
