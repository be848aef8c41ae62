# Quotas: rounds, and what each unit has of them.
quotas-title = Quotas
quotas-lead = Rounds in which training seats are allocated to ministries, agencies, provinces and their units.
quotas-lead-unit = The training seats allocated to the unit, until when, and what it passed on to the units below it.
quotas-none = There is no round yet.
quotas-none-unit = No seats were allocated to the unit yet.
quotas-rounds = Rounds
quotas-round = Round
quotas-state = Status
quotas-seats = seats
quotas-seats-noun =
    { $count ->
        [one] seat
       *[other] seats
    }
quotas-total = Total seats
quotas-allocated = Allocated
quotas-accepted = Accepted by units
quotas-taken = Nominated
quotas-left-to-give = Seats not allocated yet: { $count }.
quotas-waiting-count =
    { $count ->
        [one] One unit did not answer yet.
       *[other] { $count } units did not answer yet.
    }
quotas-asked-count =
    { $count ->
        [one] One unit asks for another amount.
       *[other] { $count } units ask for another amount.
    }
quotas-drawn = Seats by stage
quotas-drawn-desc = Total seats: { $total }; allocated: { $allocated }; accepted by units: { $accepted }; nominated: { $taken }.
quotas-by-shortfall = Most unfilled seats first
quotas-shortfall-note = The shortfall is the allocated seats for which the unit and those below it have not nominated anybody.
quotas-given-seats = Allocated
quotas-passed-on = Passed on
quotas-shortfall = Shortfall
quotas-answer = Answer
quotas-nobody-below = Nothing was passed on to the units below yet.
quotas-nobody-yet = Nothing was allocated yet.
quotas-deadline = Deadline
quotas-deadline-help = If left empty, the deadline of the round or of the unit above applies.
quotas-until = Until the end of { $day }
quotas-letter-title = Letter
quotas-letter = No. { $number }
quotas-letter-dated = No. { $number } of { $date }
quotas-letter-number = Number of the letter
quotas-letter-date = Date of the letter
quotas-open = Open a round
quotas-open-do = Open the round
quotas-open-lead = The number of seats cannot be changed once the round is open. A round may be for a target, and for a class into which approved nominees go straight away.
quotas-code = Code of the round
quotas-for-target = For the target
quotas-for-target-help = The page of the target then shows what was allocated and nominated.
quotas-for-run = For the class
quotas-for-run-help = The class in which approved nominees are enrolled.
quotas-for-none = None
quotas-opened = The round is open.
quotas-closed = The round is closed.
quotas-close = Close the round
quotas-close-lead = Once it is closed nothing can be allocated, moved or nominated in this round. Figures and history stay as they are.
quotas-allocate-title = Allocate to ministries, agencies and provinces
quotas-allocate-lead = Choose one unit, or paste several lines. A unit that has seats in the round already gets these on top and is asked again. If one line is wrong, none is recorded.
quotas-allocate-below = Pass on to units below
quotas-allocate-below-lead = Seats that can be passed on: { $count }. A unit that has seats in the round already gets these on top and is asked again.
quotas-unit = Unit
quotas-unit-choose = Choose a unit
quotas-amount = Seats
quotas-rows = Several units
quotas-rows-help = One unit a line: code of the unit, number of seats. Can be pasted from a spreadsheet. For example: BYT, 30
quotas-note = Note
quotas-allocate = Allocate
quotas-given = { $count ->
    [one] Allocated to { $count } unit.
   *[other] Allocated to { $count } units.
  }
quotas-handed-on = Passed on.
quotas-below = Units below
quotas-given-by = Allocated by
quotas-given-by-coordinator = The national coordinator
quotas-used = Used
quotas-used-of =
    { $amount ->
        [one] { $taken } of { $amount } seat
       *[other] { $taken } of { $amount } seats
    }
quotas-left = Seats not used: { $count }.
quotas-passed-on-count = Passed on to units below: { $count }.
quotas-days-left = { $count ->
    [one] { $count } day left
   *[other] { $count } days left
  }
quotas-days-today = ends today
quotas-days-over = { $count ->
    [one] overdue by { $count } day
   *[other] overdue by { $count } days
  }
quotas-asks-for =
    { $count ->
        [one] asks for { $count } seat
       *[other] asks for { $count } seats
    }
quotas-asked-now = Seats the unit asks for: { $count }. Reason: { $reason }
quotas-answer-title = The unit’s answer
quotas-accept =
    { $count ->
        [one] Accept { $count } seat
       *[other] Accept { $count } seats
    }
quotas-ask = Ask for another amount
quotas-ask-do = Send
quotas-asked-amount = Seats asked for
quotas-reason = Reason
quotas-answered = The unit’s answer is recorded.
quotas-give-back = Give unused seats back
quotas-give-back-do = Give back
quotas-count = Seats
quotas-returned = Given back.
quotas-settle = Decide what is asked
quotas-granted = New number of seats of the unit
quotas-grant = Grant
quotas-decline = Decline
quotas-decision-reason = Remark
quotas-decision-reason-help = Needed when it is declined.
quotas-settled = The decision is recorded.
quotas-move = Move seats to another unit
quotas-move-lead = Only seats that are neither used nor passed on can be moved. The unit that gets them is asked again.
quotas-move-to = Unit that gets them
quotas-move-do = Move
quotas-moved = Moved.
quotas-history = History
quotas-step-reason = Reason: { $reason }
# dynamic
quotas-state-open = Open
# dynamic
quotas-state-closed = Closed
# dynamic
quotas-answer-waiting = No answer yet
# dynamic
quotas-answer-accepted = Accepted
# dynamic
quotas-answer-asked = Asks for another amount
# dynamic
quotas-step-opened =
    { $count ->
        [one] Opened with { $count } seat
       *[other] Opened with { $count } seats
    }
# dynamic
quotas-step-closed = Closed
# dynamic
quotas-step-allocated =
    { $count ->
        [one] Allocated { $count } seat
       *[other] Allocated { $count } seats
    }
# dynamic
quotas-step-accepted = Accepted
# dynamic
quotas-step-asked =
    { $count ->
        [one] Asked for { $count } more seat
       *[other] Asked for { $count } more seats
    }
# dynamic
quotas-step-asked-less =
    { $count ->
        [one] Asked for { $count } seat fewer
       *[other] Asked for { $count } seats fewer
    }
# dynamic
quotas-step-granted =
    { $count ->
        [one] Granted: { $count } more seat
       *[other] Granted: { $count } more seats
    }
# dynamic
quotas-step-granted-less =
    { $count ->
        [one] Granted: { $count } seat fewer
       *[other] Granted: { $count } seats fewer
    }
# dynamic
quotas-step-declined = Declined
# dynamic
quotas-step-reallocated =
    { $count ->
        [one] Got { $count } seat from another unit
       *[other] Got { $count } seats from another unit
    }
# dynamic
quotas-step-moved-away =
    { $count ->
        [one] { $count } seat went to another unit
       *[other] { $count } seats went to another unit
    }
# dynamic
quotas-step-returned =
    { $count ->
        [one] Gave { $count } seat back
       *[other] Gave { $count } seats back
    }
# dynamic
quotas-step-seat-taken = Nominated { $name }
# dynamic
quotas-step-seat-returned = Withdrew { $name }, the seat is free again
quotas-refused-closed = The round is closed.
quotas-refused-too-many = Not enough seats: only { $left } can still be allocated.
quotas-refused-in-use =
    { $used ->
        [one] The unit uses { $used } seat (nominated or passed on); it cannot have fewer.
       *[other] The unit uses { $used } seats (nominated or passed on); it cannot have fewer.
    }
quotas-refused-accepted = The unit has accepted already.
quotas-refused-not-asked = This question is no longer open. Load the page again to see how things stand.
quotas-refused-seated = This person has a seat in the unit’s quota already.
quotas-refused-no-seat = This person has no seat in the unit’s quota.
quotas-fault-title = Enter a name for the round.
quotas-fault-total = Between 1 and 10,000,000 seats.
quotas-fault-number = Enter a whole number, not below zero.
quotas-fault-count = The number of seats must be above 0.
quotas-fault-same = That is what the unit has already.
quotas-fault-reason = Give the reason.
quotas-fault-deadline = The deadline is over.
quotas-fault-deadline-late = The deadline is later than that of the unit above.
quotas-fault-target = There is no such target.
quotas-fault-run = There is no such class.
quotas-fault-rows = Each unit once, with more than 0 seats.
quotas-fault-choose = Choose a unit or paste lines.
quotas-fault-line = Line { $line }: it needs the code of a unit and a number above 0.
# dynamic
quotas-fault-no-unit = There is no unit with the code { $unit }.
# dynamic
quotas-fault-no-unit-line = Line { $line }: there is no unit with the code { $unit }.
quotas-fault-unit = Seats cannot be allocated to { $unit } on this level.
# dynamic
quotas-fault-unit-line = Line { $line }: seats cannot be allocated to { $unit } on this level.
# dynamic
quotas-fault-twice = The unit { $unit } is named twice.
# dynamic
quotas-fault-twice-line = Line { $line }: the unit { $unit } is named twice.
quotas-fault-other-hand = Another unit has allocated seats of this round to the unit { $unit }.
quotas-fault-sibling = Choose a unit of the same level in this round.
quotas-nominations = Nominations
