# Changes of organisation: mergers, splits, new names, new superiors, ends, transfers of people.
changes-title = Changes of organisation
changes-lead = Units that were merged, split, renamed, moved or ended. Figures “as recorded” keep the unit of that time; figures “as of a date” follow the successors.
changes-new = Prepare a change
changes-new-lead = Choose what is to change. Nothing changes before the preview is confirmed.
changes-new-unit = Unit: { $unit }
changes-drafts = Changes waiting to be confirmed: { $count }.
changes-drafts-look = Look at the decisions entered
changes-tabs = Two views
changes-tab-units = What became of units
changes-tab-entered = Decisions entered
changes-none-entered = No decision has been entered yet.
changes-none = Nothing changed in this time.
changes-from = From
changes-to = To
changes-show = Show
changes-from-day = from { $day }
changes-caption = Changes in force from { $from } to { $to }: { $count }
changes-head-day = In force from
changes-head-kind = Kind of change
changes-head-from = From unit
changes-head-into = Into, or parent unit
changes-head-to = To unit
changes-head-document = Basis
changes-head-people = People
changes-into-nothing = Ended without a successor
changes-with-the-list = With the list of units
changes-days-order = The last day is before the first.
changes-entry = { $kind } by { $number }
changes-document = { $number } of { $day }, { $issuer }
changes-by-system = The system
## dynamic: changes-kind-<kind>, changes-help-<kind>, changes-units-<kind>, changes-state-<state>
changes-kind-merge = Merger
changes-kind-split = Split
changes-kind-rename = Renaming
changes-kind-move = New parent unit
changes-kind-end = Dissolution
changes-kind-transfer = Transfer of people
changes-help-merge = One or more units go into one that is new or already there.
changes-help-split = One unit becomes several; the first is the main successor.
changes-help-rename = A unit takes a new name or becomes a unit of another kind. The new name has a new code; the old one stays in history.
changes-help-move = A unit gets another parent unit and keeps its name.
changes-help-end = A unit is dissolved and nothing takes its place.
changes-help-transfer = The units stay; the people chosen go to another unit and keep position and group.
changes-units-merge = Units to be merged
changes-units-split = Unit to be split
changes-units-rename = Unit to be renamed
changes-units-move = Unit that gets a new parent unit
changes-units-end = Unit to be dissolved
changes-units-transfer = Unit they work in
changes-state-draft = Waits to be confirmed
changes-state-staging = Being done
changes-state-done = Done
changes-state-undone = Taken back
changes-state-discarded = Thrown away
##
changes-section-document = Legal basis
changes-number = Number of the document
changes-number-help = For example: 202/2025/QH15
changes-dated = Date of the document
changes-issuer = Issued by
changes-on = In force from
changes-on-help-transfer = The first day at the new unit; results count for the new unit from this day.
changes-on-help = The first day of the new organisation. The old units end the day before.
changes-section-units = Units
changes-units-help = The code of the unit, or its full name.
changes-units-help-many = One code or full name a line. Leave out the unit that takes the others in, if it goes on.
changes-taker = Unit that takes them in
changes-taker-renamed = New name
changes-taker-nth = Successor { $number }
changes-code = Code of the unit
changes-code-help = The code of a unit that is there; or a new one of capitals, digits and hyphens, such as P15-2025. A code is never used again for another unit.
changes-name-vi = Vietnamese name
changes-name-en = English name
changes-name-help = Names only where the unit is new.
changes-unit-kind = Kind of unit
changes-unit-kind-same = As the old unit
changes-section-parent = Parent unit
changes-parent = Parent unit of the new unit
changes-parent-help = If left empty, the parent unit of the old unit is kept.
changes-parent-new = New parent unit
changes-parent-new-help = Code or name. If left empty, the unit has no parent unit.
changes-transfer-to = To unit
changes-people = People to be transferred
changes-people-of = People of { $unit }
changes-people-unit = Unit they work in
changes-people-unit-help = Enter the code of the unit to choose people one by one.
changes-people-choose = Choose people
changes-people-search = Search in the unit by name
changes-people-find = Search
changes-people-more = The unit has many more people; search by name to narrow the list.
changes-people-none = Nobody works in this unit.
changes-people-none-found = Nobody was found in the unit.
changes-people-all = Everybody of the unit
changes-people-all-help = Then the people ticked one by one do not matter.
changes-preview = Preview
changes-draft-lead = This is what would change. Nothing changes before it is confirmed.
changes-document-label = Basis
changes-entered-by = Entered by
changes-confirmed-by = Confirmed by
changes-undone-by = Taken back by
changes-undone-at = Taken back at
changes-was-undone = This change was taken back; below is what it had done.
changes-ended = Units that end, last day { $day }
changes-begun = Units that begin on { $day }
changes-successions = Successions
changes-successions-help = Figures as of a date follow the main successor.
changes-no-other = None
changes-moved = Units with a new parent unit
changes-moved-to = New parent unit: { $parent }
changes-moved-more = Other units: { $count }.
changes-people-pass = People who move to the successor
changes-people-pass-help = The old place ends the day before, the new one begins on { $day }; position and group stay.
changes-to-nowhere = Work there ends
changes-total = Total
changes-nobody-passes = Nobody changes units with this.
changes-chosen = Those who were chosen
changes-chosen-more = The list names only the first.
changes-roles-passed = Roles passed on to the successor: { $count }.
changes-stays = What stays with the unit it was recorded with
changes-stays-help = Learners in the middle of a class, classes, quotas and figures keep the unit they were recorded with. Figures as of a later date count for the successor.
changes-learners = Learners in the middle of a class
changes-runs = Classes of the unit that are not over
changes-targets = Targets in force with figures of the unit
changes-quotas = Quotas in open rounds
changes-quotas-note = Seats not used: { $seats }; nominations under way: { $nominations }. Adjust them on the page of quotas where needed.
changes-unit-people =
    { $count ->
        [one] person
       *[other] people
    }
changes-unit-runs =
    { $count ->
        [one] class
       *[other] classes
    }
changes-unit-targets =
    { $count ->
        [one] target
       *[other] targets
    }
changes-unit-quotas =
    { $count ->
        [one] quota
       *[other] quotas
    }
changes-roles = Roles over units that end
changes-roles-help = Roles are not passed on automatically. Tick those that are granted over the main successor, too; the old role stays, for the old records.
changes-roles-elsewhere = Roles are not passed on automatically; the system administrator grants them anew afterwards.
changes-role = { $name }: { $role }, { $unit }
changes-undo-promise = Afterwards the change can be taken back for 7 days, as long as nothing was recorded with the new organisation.
changes-confirm = Confirm: { $kind }, people moved: { $people }
changes-edit = Edit
changes-discard = Throw this change away
changes-returned = The organisation changed after the confirmation, so nothing was done. Look at it again and confirm once more.
changes-faults = This change cannot be done any more:
changes-progress = People are being prepared to move
changes-progress-people =
    { $total ->
        [one] { $done } of { $total } person
       *[other] { $done } of { $total } people
    }
changes-progress-help = The change happens at once when this is done. This page can be left.
changes-progress-look = Look again
changes-done = The change was done.
changes-discarded = The change was thrown away.
changes-undone = The change was taken back; everything is as it was before.
changes-outdated = The organisation has changed since the preview. Look at what is below and confirm once more.
changes-undo = Take back
changes-undo-help = The change can be taken back until { $time }, as long as nothing was recorded with the new organisation. All units, places of work and roles become as they were.
changes-undo-submit = Take this change back
changes-undo-cannot = It cannot be taken back:
changes-undo-late = The time for taking it back was over at { $time }.
changes-undo-built-on = These units were changed again: { $number }, from { $day }.
changes-undo-people =
    { $count ->
        [one] One person moved on or left after this change.
       *[other] { $count } people moved on or left after this change.
    }
changes-undo-newcomers =
    { $count ->
        [one] One person, or list of people, was entered for the new unit.
       *[other] { $count } people, or lists of people, were entered for the new unit.
    }
changes-undo-roles =
    { $count ->
        [one] One other role was granted over the new unit.
       *[other] { $count } other roles were granted over the new unit.
    }
changes-undo-classes = Classes, enrolments or results were recorded with the new unit.
changes-undo-quotas = Seats were allocated to the new unit.
changes-undo-used = The new unit is used elsewhere, so the change cannot be taken back.
changes-undone-already = This change is not one that can be taken back.
changes-not-a-draft = This change was confirmed or thrown away before.
# Faults of the form.
changes-number-missing = Enter the number of the document.
changes-issuer-missing = Enter who issued it.
changes-date-form = Enter a date such as 01/07/2025.
changes-too-long = Enter at most { $most } characters.
changes-units-missing = Enter a unit.
changes-units-one = Enter one unit only.
changes-units-many = Enter at most 30 units.
changes-code-missing = Enter the code of the unit.
changes-code-form = A code has capitals, digits and hyphens, at most 32 characters.
changes-code-taken = This code is that of { $unit }.
changes-name-missing = Enter the name of the new unit in Vietnamese and in English.
changes-into-missing = Enter the unit that takes them in.
changes-into-two = Enter at least two successors.
changes-into-itself = { $unit } both ends and takes others in. Leave it out in one of the two places.
changes-unit-twice = “{ $unit }” is named twice.
changes-unit-unknown = There is no unit { $unit }.
changes-unit-unknown-on = There is no unit “{ $unit }” on { $day }.
changes-unit-several = Several units match “{ $unit }”: { $units }. Enter the code.
changes-unit-not-there = { $unit } is not there on { $day }.
changes-unit-ends = { $unit } has a last day already.
changes-unit-begins-then = { $unit } begins on { $day } or later.
changes-unit-took-in = { $unit } takes others in on { $day } or later, so it must be there on that day.
changes-unit-moves-later = { $unit } has another parent unit after { $day }.
changes-parent-missing = { $unit } must have a parent unit. Enter it.
changes-parent-same = { $unit } has this parent unit on { $day } already.
changes-circle = { $unit } would be its own parent unit. Choose another unit.
changes-end-with-units-below = { $unit } has units below it. Move or dissolve those first.
changes-end-with-people =
    { $count ->
        [one] One person begins work in the unit after its end. Transfer this person first.
       *[other] { $count } people begin work in the unit after its end. Transfer them first.
    }
changes-people-missing = Choose at least one person, or everybody of the unit.
changes-people-many = Choose at most 500 people at once, or everybody of the unit.
