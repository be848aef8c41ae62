# Targets and figures.
targets-title = Targets
targets-lead-nation = Figures of the whole country. People and turns are always counted apart and never converted.
targets-lead-part = Figures of the agency and the units under it. The required numbers are those of the whole country.
targets-counting = These figures are being counted anew, since the target has just changed, and are not complete. Load the page again in a few minutes.
targets-counting-seen = Earlier results looked at
targets-as-of = Figures as of { $time }.
targets-empty = There is no target yet.
targets-required = Required
targets-people = People counted
targets-turns = Turns counted
targets-unit-people = people
targets-unit-turns = turns
# dynamic: counted as people
targets-counted-people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
# dynamic: counted as turns
targets-counted-turns =
    { $count ->
        [one] { $count } turn
       *[other] { $count } turns
    }
# dynamic: counted as agencies
targets-counted-agencies =
    { $count ->
        [one] { $count } agency
       *[other] { $count } agencies
    }
targets-noun-people =
    { $count ->
        [one] person
       *[other] people
    }
targets-noun-turns =
    { $count ->
        [one] turn
       *[other] turns
    }
targets-noun-agencies =
    { $count ->
        [one] agency
       *[other] agencies
    }
targets-share = { $part }/{ $whole }
targets-illustration = Illustration
targets-days-left =
    { $count ->
        [one] { $count } day left.
       *[other] { $count } days left.
    }
targets-basis = Legal basis and how to read it
targets-courses = Courses that count:
targets-courses-none = none linked yet
targets-total = Total
targets-category = Group
targets-by-category = By group
targets-by-category-caption = Period { $from } – { $to }
targets-funnel = From target to certificate
targets-funnel-caption = Required, enrolled, completed, certified
targets-funnel-desc = Bars from the top: what is required, allocated and nominated (where there are such numbers), enrolled, studying, completed and counted, certified.
targets-funnel-enrolled = Enrolled
targets-funnel-studying = Studying
targets-funnel-counted = Completed and counted
targets-funnel-certified = Certified
targets-chart-progress = Progress
targets-chart-progress-desc = By { $day }: { $counted }; target: { $required }.
targets-chart-target = Target
targets-chart-actual = Reached
targets-chart-pace = Needed
targets-chart-band = Forecast
targets-chart-table = The figures of the chart
targets-month = Month
targets-agencies = By agency
targets-agencies-below = Within { $unit }
targets-agencies-caption = From { $from } to { $to }, by what is counted
targets-agencies-none = No agency has anything counted yet.
targets-agency = Agency
targets-pair = (people / turns)
targets-list = List
targets-direct = Recorded for the unit itself
targets-unconverted = Cannot be converted
targets-views = View of organisations
targets-view-recorded = As recorded
targets-view-today = As of { $day }
targets-view-recorded-help = Each turn is counted in the unit of the learner when the class began.
targets-view-today-help = Units that were merged or renamed are counted under their main successor on the chosen day; what cannot be converted stands apart. The total stays the same.
targets-from = From
targets-to = To
targets-show = Show
targets-people-note = Each person counts once, in the unit and group of the first counted completion of the period. A part of the period shows only the people first counted in it.
targets-people-link = See the list of people and turns
targets-people-title = People and turns
targets-people-kind = Show
targets-people-all = Everything
targets-people-counted = Turns that count
targets-people-people = People who count (one line each)
targets-people-not-counted = What does not count
targets-people-search = Find a person
targets-people-search-help = Type a name; accents are not needed. A search shows all that these people completed, also outside the period and the list of courses.
targets-people-caption =
    { $count ->
        [one] { $count } completion
       *[other] { $count } completions
    }
targets-people-none = No completion fits.
targets-person = Name (year of birth)
targets-run = Course, class
targets-completed-at = Completed at
targets-verdict = Whether it counts
targets-certificate = Register number
targets-outside = Class outside the system
targets-seats-person = The person is counted here
targets-standing-not-counted = Not counted
targets-standing-no-courses = No course linked, not counted yet
targets-standing-no-data = The system has no data of this period
targets-standing-part = The agency's part of the national target
targets-standing-reached = Target of { $count } reached
targets-standing-closed-reached = Period over: target of { $count } reached
targets-standing-missing = { $count } still missing
targets-standing-closed-missing = Period over: { $count } missing
targets-fault-code = A code has only lower-case letters without accents, digits and hyphens.
targets-fault-code-taken = Another target has this code.
targets-fault-required = The required number is between 1 and 1,000,000,000.
targets-fault-period = The last day cannot be before the first.
targets-fault-day = This is not a day. Type day/month/year.
targets-refused-not-draft = This target is not a draft any more.
# dynamic: the word of a metric
targets-unit-agencies = agencies
targets-unit-share = of agencies
targets-agencies-organised = Agencies that organised
targets-agencies-on = by the agencies as of { $day }
targets-agencies-share = Share of agencies that hold training
targets-agencies-kind = Kind of agency
targets-agencies-all = Total agencies
targets-agencies-percent = Share
targets-agencies-note = An agency counts once a year, when at least one class that it or a unit under it held has a result that counts. A class of an agency that was merged is counted for its main successor.
targets-agencies-link = See the agencies that did not organise
targets-agencies-year = Classes completed from { $from } to { $to }.
targets-agencies-missing = Not yet ({ $count })
targets-agencies-done = Organised ({ $count })
targets-agencies-missing-caption =
    { $count ->
        [one] { $count }/{ $all } agencies has not organised a class
       *[other] { $count }/{ $all } agencies have not organised a class
    }
targets-agencies-done-caption =
    { $count ->
        [one] { $count }/{ $all } agencies has organised a class
       *[other] { $count }/{ $all } agencies have organised a class
    }
targets-agencies-no-rows = There is no such agency.
targets-agencies-others = Organisers outside the list
targets-agencies-others-note = These units held classes that count, but are not of the target's kinds of agencies, so they are not in the share.
targets-agencies-more = More:
targets-agencies-less = Less:
targets-pace = Pace and forecast
targets-pace-needed = Needed a week
targets-pace-actual = Reached a week
targets-pace-forecast = Target expected on
targets-pace-missing =
    { $count } missing, { $days ->
        [one] today is the last day
       *[other] { $days } days left, today included
    }
targets-pace-weeks = mean of the four weeks { $from } – { $to }: { $weeks }
targets-pace-weeks-few = four weeks from Monday to Sunday within the period are needed; there are { $count }
targets-pace-reached = Reached
targets-pace-too-little = Too little data
targets-pace-too-little-note = no forecast yet
targets-pace-standing = No date in sight
targets-pace-standing-note = no { $unit } were added in the last four weeks
targets-pace-band = { $early } at the earliest, { $late } at the latest (at the pace of the best and of the worst week)
targets-pace-band-open = { $early } at the earliest; the latest is not known, since one week added nothing
targets-pace-in-time = Within the period
targets-pace-late = Too late for the period
targets-pace-never = after the year 2100
targets-pace-sentence = { $needed } { $unit } a week are needed. Forecast: { $forecast }; { $note }.
targets-chart-progress-part = By { $day }: { $counted }.
targets-funnel-step = Step
targets-funnel-left-open = Class over, not completed
targets-funnel-not-counted = Completed, not counted
targets-funnel-outside = Of these: classes outside the system
targets-funnel-gap = No quotas were allocated for this target, so the steps allocated and nominated are missing.
targets-funnel-note = In turns: enrolled = studying + class over + completed (counted and not counted, without classes outside the system). In people, one person may stand in several steps.
targets-open = Not completed
targets-open-caption =
    { $count ->
        [one] { $count } enrolment not completed
       *[other] { $count } enrolments not completed
    }
targets-open-caption-more = More than { $count } enrolments not completed
targets-open-until = Until
targets-open-studying = Not counted yet: not completed
targets-open-over = Not counted: the class is over
targets-open-note = At most 50 are shown at once. Type a name to find others.
targets-seals = Sealed figures
targets-seals-lead = A seal keeps the figures as they were known at one moment. What becomes known later does not change it but stands beside it, one adjustment a line.
targets-seals-caption = The seals, newest first
targets-seals-none = There is no seal yet.
targets-seal = Seal
targets-seal-title = Seal No. { $number }
targets-seal-title-waiting = Waiting for a signature
targets-seal-period = Days covered
targets-seal-known-at = Known at
targets-seal-state = Status
targets-seal-by = Prepared by, signed by
targets-seal-prepare = Seal the figures
targets-seal-prepare-help = The figures are those of the moment the button is pressed. It becomes a seal when another coordinator signs it.
targets-seal-to-help = The last day must be before today.
targets-seal-prepared = Prepared
targets-seal-signed-by = Signed
targets-seal-withdrawn-by = Withdrawn
targets-seal-hash = Hash
targets-seal-previous = Hash of the seal before
targets-seal-sign = Sign
targets-seal-withdraw = Withdraw this
targets-seal-sign-help = Compare the figures below, then sign. A signed seal cannot be changed any more.
targets-seal-computing = The figures of this seal are being computed, as of the moment the button was pressed. Then it waits for a second person to sign.
targets-seal-look = Look again
targets-seal-never = This seal was withdrawn before it was computed, so it has no figures: somebody withdrew it, or the target was changed after it was asked for.
targets-seal-waits = Waiting for another coordinator to sign. Who prepared it cannot sign it.
targets-seal-download = Download the seal's file (JSON)
targets-seal-download-help = There are no names in it. Whoever has the file can check it without the system:
targets-seal-figures = The sealed figures
targets-seal-figures-caption = By unit as recorded, known at { $time }
targets-compare = Compare two seals
targets-compare-lead = Two seals of the same period differ only by what was recorded in between: the older figure and the lines add up to the newer one.
targets-compare-choice = Seal no. { $number }: { $from } – { $to }, known until { $known }
targets-compare-old = First seal
targets-compare-new = Second seal
targets-compare-do = Compare
targets-compare-figures = Figures of both seals, the one known earlier first
targets-compare-change = Difference
targets-compare-between = Recorded between the two seals
targets-compare-sum = Sum of the adjustments ({ $count })
targets-compare-other-days = The seals are of different days, so no adjustments lead from one to the other; the difference is between two stretches of time.
targets-compare-units = By unit as recorded
targets-adjustments = Adjustments since
targets-adjustments-caption = Recorded after { $from }, up to { $to }
targets-adjustments-none = There is no adjustment yet.
targets-adjustment-at = Recorded at
targets-adjustment-cause = What happened
targets-adjustment-day = Completed on
targets-adjustment-sealed = Sealed
targets-adjustment-sum = Sum of the adjustments
targets-adjustment-now = Now
targets-person-name = Name
targets-cause-completed = Completion recorded later
targets-cause-outside = Class outside the system confirmed
targets-cause-accepted = Result accepted
targets-cause-voided = Result voided
targets-cause-moved = The person is counted by another completion
targets-cause-definition = The definition of the target changed
targets-seal-made = The seal is prepared. It takes effect when another coordinator signs it.
targets-seal-begun = The request to seal the figures was noted.
targets-seal-signed = Signed. The seal holds and cannot be changed any more.
targets-seal-withdrawn = What waited for a signature was withdrawn.
targets-seal-decided = This was signed or withdrawn already.
targets-seal-not-signed = This is not signed yet, so it has no file.
targets-seal-outside-period = This day lies outside the target's period.
targets-seal-not-over = Only days that are over are sealed: choose a last day before today.
targets-seal-future = The moment at which the figures are known cannot lie in the future.
targets-refused-second-person = Another person is needed: who prepared it, who entered it, and who stands in the list cannot confirm it.
targets-reason-missing = Give the reason.
targets-fault-percent = A share cannot be over 100%.
targets-fault-kinds = Choose at least one kind of agency.
targets-outside-decision-missing = Give number and date of the decision to hold the class.
targets-outside-not-over = The class is not over: only classes whose last day is before today are entered.
targets-outside-nobody = There is nobody in the list.
targets-outside-twice = Somebody stands twice in the list.
targets-outside-no-course = There is no such course.
targets-outside-organiser-not-valid = The organiser did not exist on the first day of the class.
targets-outside-known = { $name } is already in another class of this course on the same days.
targets-outside-no-unit = { $name } belonged to no unit on the first day of the class.
targets-outside-decided = This class was confirmed or rejected already.
targets-outside-not-confirmed = This class is not confirmed yet.
targets-outside-voided = This result was voided already.
## dynamic: targets-state-<state>, targets-metric-<metric>, targets-category-<category>, targets-verdict-<verdict>, targets-seal-state-<state>
targets-state-draft = Draft
targets-state-in-force = In force
targets-state-closed = Closed
targets-state-superseded = Superseded
targets-metric-people = Counts people
targets-metric-turns = Counts turns
targets-category-leaders = Leaders, managers
targets-category-technology = Specialised technology staff
targets-category-other = Civil servants, public employees, workers
targets-verdict-counted = Counted
targets-verdict-other-course = Not counted: course not in the list
targets-verdict-outside-period = Not counted: outside the period
targets-verdict-voided = Not counted: voided
targets-verdict-flagged = Not counted yet: too fast, to be reviewed
targets-verdict-unknown = Not known
targets-metric-agencies = Counts agencies that organise
targets-seal-state-preparing = Being computed
targets-seal-state-prepared = Waiting for a signature
targets-seal-state-signed = Signed
targets-seal-state-withdrawn = Withdrawn
targets-open-pages = Pages of those who have not completed

# The book of targets.
targets-filter = Filter by status
targets-filter-counted = In force and closed
targets-filter-all = All
targets-funnel-allocated = Allocated
targets-funnel-nominated = Nominated
targets-handed = Allocated to units
targets-handed-short = Units furthest from filling their seats
targets-create = Add a target
targets-create-do = Save as draft
targets-create-lead = A new target is a draft and counts nothing until it is put in force.
targets-created = The draft of the target is saved.
targets-edit = Amend
targets-edit-do = Record the amendment
targets-edit-lead = An amendment needs a document with number, date and reason; what was there before stays in the history. The figures follow the new rules at once. Sealed figures do not change.
targets-edit-draft-lead = A draft is changed freely; what was there before still stays in the history.
targets-edit-what = What the target says
targets-amended = The amendment is recorded. The figures follow the new rules.
targets-put-in-force-do = Put in force
targets-put-in-force = The target is in force.
targets-close = Close early
targets-close-do = Close the target
targets-close-lead = Today is the last day of the period; what comes after it does not count. A target whose period is over is closed by itself.
targets-closed = The target is closed.
targets-supersede = Replace
targets-supersede-do = Replace the target
targets-supersede-lead = A target that was replaced is kept with its history and its seals, but is counted no more.
targets-superseded = The target that replaces it is recorded.
targets-successor = Replaced by
targets-successor-choose = Choose a target
targets-replaced-by = This target was replaced by
targets-deed = Amending document
targets-deed-number = Number of the document
targets-deed-date = Signed on
targets-deed-clause = Article, clause
targets-deed-reason = Reason
targets-document = Legal basis
targets-document-number = Document no. { $number }
targets-document-dated = Document no. { $number } of { $date }
targets-title-vi = Vietnamese name
targets-title-en = English name
targets-code = Code of the target
targets-code-help = Lower-case letters without accents, digits and hyphens. It stands in the address of the page and cannot be changed.
targets-required-help = People or turns; for a share of agencies, percent.
targets-parts = Split by group
targets-parts-help = All three or none. Together they are the number required.
targets-parts-said = Of these: leaders, managers { $leaders }; specialised technology staff { $technology }; civil servants, public employees, workers { $other }.
targets-courses-help = Codes of courses, with commas between them.
targets-courses-known = Courses there are:
targets-kinds-help = Only where the share of agencies is measured.
targets-rules = How it counts
targets-rules-help = As the document words them. What the system does is decided by metric, period, courses and kinds of agencies.
# dynamic
targets-rule-people = Each person counts once in the whole period, in the unit and group of the first time.
# dynamic
targets-rule-turns = Each class a person completes is a turn. The same course in another class is a new turn.
# dynamic
targets-rule-agencies = The share of agencies that held at least one class in the year with a result that counts.
targets-rule-period = By the day of completion, first and last day of the period included, Viet Nam time.
targets-rule-courses = Only results in these courses count.
targets-rule-kinds = Out of the agencies of these kinds that are there on 31 December, or today while the year is running.
targets-rule-evidence-name = What counts
targets-rule-evidence = Completed, not flagged or else accepted, not voided. A class outside the system counts on its last day, once a second person has confirmed it.
targets-history = History
targets-nothing = (empty)
targets-field-period = Period
# dynamic
targets-step-created = Created
# dynamic
targets-step-amended = Amended
# dynamic
targets-step-put-in-force = Put in force
# dynamic
targets-step-closed = Closed
# dynamic
targets-step-superseded = Replaced
# dynamic
targets-field-title-vi = Vietnamese name
# dynamic
targets-field-title-en = English name
targets-field-metric = Metric
# dynamic
targets-field-required = Number required
# dynamic
targets-field-leaders = Leaders, managers
# dynamic
targets-field-technology = Specialised technology staff
# dynamic
targets-field-other = Civil servants, public employees, workers
# dynamic
targets-field-period-from = First day
# dynamic
targets-field-period-to = Last day
targets-field-courses = Courses that count
targets-field-kinds = Kinds of agencies
targets-field-doc-number = Number of the document
targets-field-doc-date = Date of the document
targets-field-doc-issuer = Issued by
targets-field-doc-clause = Article, clause
targets-field-doc-link = Link to the document
targets-field-rules-vi = Counting rules of the document, in Vietnamese
targets-field-rules-en = Counting rules of the document, in English
targets-field-basis-vi = Basis and how to read it, in Vietnamese
targets-field-basis-en = Basis and how to read it, in English
# dynamic
targets-field-successor = Replaced by
targets-refused-superseded = The target was replaced, so it can no longer be changed.
targets-refused-changed = The target was changed just now. Load the page again to see it as it is.
targets-refused-not-in-force = Only a target in force can be closed.
targets-refused-not-begun = The period of the target has not begun.
targets-fault-title = Enter a name for the target.
targets-fault-metric = Choose a metric.
targets-fault-number = Enter the number of the document.
targets-fault-signed-later = The date lies in the future.
targets-fault-nothing = Nothing is changed.
targets-fault-courses = There is no course with the code: { $codes }.
targets-fault-successor = Choose another target that was not replaced itself.
targets-fault-parts = The three groups make { $sum }, not the { $required } required.
targets-fault-part = The number of a group cannot be below zero.
targets-fault-parts-share = A share of agencies is not split by group.
targets-fault-link = The link begins with https:// or http://.
targets-fault-long = More than 2,000 characters.
