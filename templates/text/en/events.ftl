# Sessions of a class, sites and attendance.
events-title = Sessions
events-none = The class has no sessions yet.
events-plan = Add a session
events-plan-lead = Sessions must fall between { $opens } and the end of { $closes }, the dates of the class. Learners are notified when it is saved.
events-plan-site = The first site
events-plan-site-help = Other sites are added later, on the page of the session.
events-plan-submit = Save the session
events-planned = The session was added. The learners of the class are being notified.
events-change = Change the session
events-change-lead = Learners get one notice of the change.
events-change-submit = Save the change
events-changed = The session was saved.
events-back = Back
events-field-title = Name of the session
events-field-kind = Format
events-field-day = Day
events-field-from = From
events-field-to = To
events-field-time-help = Viet Nam time, for example 08:00.
events-title-missing = Enter a name
events-kind-missing = Choose the format
events-day-form = Enter a day, for example 25/11/2026
events-time-form = Enter a time, for example 08:00
events-ends-before = The end must come after the beginning
events-too-long = A session lasts 24 hours at most
events-outside-run = The session must fall between { $opens } and the end of { $closes }, the dates of the class
events-text-long = At most 200 characters
events-too-many = There are 200 already; no more can be added.
events-not-open = The session has begun or was cancelled and can no longer be changed.
events-not-cancellable = It cannot be cancelled: it has an attendance list, was held, or is cancelled already.
events-sites = Sites
events-sites-count =
    { $count ->
        [one] { $count } site
       *[other] { $count } sites
    }
events-lists-state = Lists confirmed: { $confirmed }/{ $sites }; people attended: { $attended }/{ $listed }
events-calendar = Calendar file (.ics)
events-history = History
events-reason = Reason
events-reason-missing = Give the reason
events-reason-long = At most 500 characters
events-cancel = Cancel the session
events-cancel-help = Learners get one notice with a link to the reason. A cancelled session stays on record and does not count towards required attendance.
events-cancelled = The session was cancelled.
events-cancelled-because = The session was cancelled: { $reason }
events-site-add = Add a site
events-site-added = The site was added.
events-site-change = Change the site
events-site-change-short = Change
events-site-changed = The site was saved.
events-site-fixed = The session has begun: only who keeps the attendance list can be changed.
events-site-submit = Save the site
events-site-remove = Remove this site
events-site-remove-help = Learners who chose it sit at the site of their own unit again.
events-site-removed = The site was removed.
events-site-name = Name of the site
events-site-name-help = For example: Main site.
events-site-name-missing = Enter the name of the site
events-site-unit = Code of the hosting unit
events-site-unit-help = As on the page of organisations, for example P15-2025. Its learners and those of the units below it sit here unless they choose another site.
events-site-unit-missing = No unit has this code on that day
events-site-place = Place
events-site-place-help = Room, building, address. Enter a place or a link.
events-site-link = Link to the online room
events-site-link-form = A link begins with https:// and has no blanks
events-site-nowhere = Enter a place or a link
events-site-keeper = Who keeps the attendance list
events-site-keeper-help = The e-mail address, telephone number or user name of somebody of the hosting unit.
events-site-keeper-elsewhere = There is no such person in the hosting unit on that day
events-site-kept-by = List kept by { $name }
events-last-site = A session needs at least one site.
events-seat-title = Choose a site
events-seat-now = Now at { $name }. Another can be chosen until the session begins.
events-seat-label = Site
events-seat-blank = Choose a site
events-seat-submit = Save the site
events-seat-mine = My site
events-seat-missing = Choose a site
events-seat-unknown = No such learner in this class
events-seat-late = The attendance list was submitted, so nobody can be moved any more.
events-seat-chosen = { $name } was chosen.
events-seat-given = { $name } now sits at { $site }.
events-give-title = Assign a learner to a site
events-give-help = Possible as long as the lists of both sites were not submitted.
events-give-submit = Assign the site
events-list-open = Attendance
events-list-none = No list yet
events-list-draft = Being written
events-list-submitted = To be confirmed
events-list-confirmed = Confirmed
events-list-early = Attendance can be written from the beginning of the session on.
events-list-closed = The list was submitted and can no longer be changed. A confirmed list is corrected by another.
events-list-not-over = It can be submitted once the session is over.
events-list-nobody = Nobody sits at this site yet.
events-list-left =
    { $count ->
        [one] One person has no mark yet. What was marked is kept.
       *[other] { $count } people have no mark yet. What was marked is kept.
    }
events-list-decided = This list does not wait to be confirmed any more.
events-list-submitted-by = Submitted by { $name } at { $time }
events-list-entered-by = Begun by { $name } at { $time }
events-list-confirmed-by = Confirmed by { $name } at { $time }
events-lists-title = Lists so far
events-nothing-corrected = The list does not differ from what was confirmed.
events-not-correctable = Only a confirmed list can be corrected, one correction at a time.
events-second-person = Somebody else must confirm: not one who wrote into this list or stands on it.
events-sheet-title = Attendance: { $site }
events-sheet-people = Learners
events-sheet-summary =
    { $total ->
        [one] { $total } person
       *[other] { $total } people
    }: { $present } present, { $late } late, { $absent } absent, { $left } not marked.
events-sheet-search = Search by name
events-sheet-search-submit = Search
events-sheet-filter = Narrow the list
events-sheet-all = All
events-sheet-unmarked = Not marked
events-sheet-nobody = Nobody here.
events-sheet-save = Save
events-sheet-saved = Attendance was saved.
events-sheet-rest = Mark the other { $count } present
events-sheet-rest-done = The others were marked present. Check the list, then submit it.
events-sheet-submit = Submit
events-sheet-sent = The list was submitted. It counts once a second person has confirmed it.
events-sheet-waits = The list waits for a second person: not one who wrote into it or stands on it.
events-sheet-returned = The list was given back: { $reason }
events-sheet-correction = Correction: { $reason }
events-word-title = The second person
events-word-help = Compare with the signed paper. Once confirmed, the session counts for those present and late.
events-word-confirm = Confirm the list
events-word-confirmed = The list was confirmed.
events-word-return = Give back
events-word-returned = The list was given back with the reason.
events-word-correcting = A correction was begun. Change it, then submit it for a second person to confirm.
events-correct = Correct the list
events-correct-help = The confirmed list stays. The correction holds once a second person has confirmed it; a completion is not lost by itself but waits for a decision.
events-correct-submit = Begin the correction
events-scan-title = Signed sheet
events-scan-file = Scan of the signed sheet
events-scan-submit = Save the scan
events-scan-added = The scan was saved.
events-scan-open = Open the scan
events-scan-wanted = Attach the signed sheet if there is one, so that the second person can compare.
events-scan-owed = The list came from a table, so it needs the signed sheet before it is submitted.
events-scan-missing = Attach the signed sheet, since the list came from a table
events-import = Import attendance
events-import-lead = Download the list of the site, fill in the column of attendance (Present, Late or Absent) and read it back. You see a preview first; nothing is saved yet.
events-import-file = File
events-import-file-help = XLSX or CSV, at most { $megabytes } MB.
events-import-paste = Or paste the rows
events-import-paste-help = One person a line: learner code, user name, e-mail address or telephone number; then the attendance. Without a column of attendance those named are marked present.
events-import-try = Preview
events-import-again = Import another table
events-import-nothing = Choose a file or paste the rows
events-import-both = Either a file or pasted rows, not both
events-import-result =
    { $good ->
        [one] { $good } row was read
       *[other] { $good } rows were read
    }, { $bad ->
        [one] { $bad } row cannot be used
       *[other] { $bad } rows cannot be used
    }.
events-import-rows = The rows of the table
events-import-row = Row
events-import-typed = In the table
events-import-person = Learner
events-import-mark = Attendance
events-import-no-name = Names nobody
events-import-unknown = Not on the list of this site
events-import-no-mark = No attendance
events-import-bad-mark = Attendance not understood: Present, Late or Absent
events-import-twice = Is already in row { $number }
events-import-apply-help = Only rows that were read are saved, in the place of what was marked for those people.
events-import-apply =
    { $count ->
        [one] Save { $count } row
       *[other] Save { $count } rows
    }
events-import-kept = Attendance was saved. People: { $count }.
events-paper = List to be signed (XLSX)
events-paper-sheet = Attendance
## dynamic: events-state-<state>
events-state-planned = Upcoming
events-state-held = Held
events-state-cancelled = Cancelled
## dynamic: events-kind-<kind>
events-kind-in-person = In person
events-kind-live = Live online
events-kind-both = In person and live online
## dynamic: events-mark-<mark>
events-mark-present = Present
events-mark-late = Late
events-mark-absent = Absent
## dynamic: events-happened-<kind>
events-happened-planned = Planned
events-happened-changed = Changed
events-happened-held = Held
events-happened-cancelled = Cancelled
## dynamic: events-detail-<what>
events-detail-from = Before: { $value }
events-detail-to = Time: { $value }
events-detail-title = Name before: { $value }
events-detail-site = Site: { $value }
## dynamic: events-paper-<column>
events-paper-number = No.
events-paper-name = Name
events-paper-unit = Unit
events-paper-position = Position
events-paper-code = Learner code
events-paper-mark = Attendance
events-paper-signature = Signature
