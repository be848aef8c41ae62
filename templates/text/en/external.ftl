# Classes held outside the system: training that a unit organised away from this platform.
external-title = Classes outside the system
external-lead = Classes that a unit held by itself. One person enters a class with its decision and the signed roster, a second person confirms it; only then its results count.
external-enter = Enter a class held outside
external-enter-lead = Only classes that are over. Unit, position and group of each person are those of the first day.
external-filter = Filter by status
external-filter-all = All
external-filter-waiting = Waiting
external-filter-confirmed = Confirmed
external-filter-rejected = Not confirmed
external-count = { $count ->
    [one] { $count } class
   *[other] { $count } classes
}
external-none = There are no classes here yet.
external-course = Course
external-course-blank = Choose a course
external-organiser = Organised by
external-organiser-code = Code of the organising unit
external-organiser-help = The code stands on the page of organisations, such as P15-2025.
external-days = Days
external-first-day = First day
external-first-day-help = Viet Nam time, such as 19/05/2025.
external-last-day = Last day
external-decision = Decision to hold the class
external-decision-help = Number, date and who issued it.
external-people = People
external-state = Status
external-roster = Roster
external-roster-help = One person a line: official e-mail address, telephone number or user name. At most { $most } people; enter a larger class by its sites.
external-file = Scan of the signed roster
external-file-help = A PDF or a picture of at most { $limit } MB.
external-file-open = Open the file
external-file-none = No file
external-submit = Enter the class
external-entered = The class was entered. Its results count once a second person has confirmed it.
external-held = Organised by { $organiser }
external-entered-by = Entered by
external-decided-by = Confirmed or refused by
external-reason = Reason
external-roster-caption = { $count ->
    [one] { $count } learner
   *[other] { $count } learners
}
external-name = Name
external-unit = Unit
external-position = Position
external-standing = Result
external-not-yet = Does not count yet
external-counted = Completed
external-voided = Voided
external-waits-for-other = The class waits for a second person: somebody with the right who neither entered it nor stands on the roster.
external-second = The second person's word
external-second-help = Compare the roster with the signed one. A confirmation cannot be changed; a wrong result of one person is voided with a reason.
external-confirm = Confirm the class
external-reject = Do not confirm
external-confirmed = Confirmed. The results of the class count from now on.
external-rejected = Not confirmed. The class stays on record and does not count.
external-void = Void the result
external-void-title = Void one person's result
external-void-help = The result stays on record, with the reason, and counts no more.
external-void-done = The result was voided.
external-back = Back
external-too-many = The roster has more than { $most } lines.
external-no-organiser = No unit within your reach has this code on the first day of the class.
external-unknown-lines = Line { $lines }: there is no such person within your reach on the first day of the class.
## dynamic: external-state-<state>
external-state-waiting = Waiting for confirmation
external-state-confirmed = Confirmed
external-state-rejected = Not confirmed
