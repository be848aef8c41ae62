# Organisations over time.
organisations-title = Organisations
organisations-day = On the day
organisations-day-help = Shows the units as they were on this day.
organisations-day-bad = This is not a day. Choose one from 01/01/1900 to 31/12/2199.
organisations-search = Find a unit
organisations-search-help = Type a name or code; accents are not needed.
organisations-show = Show
organisations-days-of-change = Days of change
organisations-today = Today
organisations-figures = Units on { $day }
organisations-figure-local = Provinces and centrally-run cities
organisations-figure-local-note =
    { $provinces ->
        [one] { $provinces } province
       *[other] { $provinces } provinces
    }, { $cities ->
        [one] { $cities } city
       *[other] { $cities } cities
    }
organisations-figure-central = Ministries, ministerial-level and government agencies
organisations-figure-central-note =
    { $ministries ->
        [one] { $ministries } ministry
       *[other] { $ministries } ministries
    }, { $ministerial ->
        [one] { $ministerial } ministerial-level agency
       *[other] { $ministerial } ministerial-level agencies
    }, { $government ->
        [one] { $government } government agency
       *[other] { $government } government agencies
    }
organisations-figure-unit =
    { $count ->
        [one] unit
       *[other] units
    }
organisations-source = From the system’s list of units; last days are included.
organisations-empty = The list has no unit on this day.
organisations-children = Units directly under it: { $count }
organisations-found = Found for “{ $text }”: { $count }
organisations-found-first = The first { $count } found for “{ $text }”
organisations-found-more = There are more; add words to narrow the search.
organisations-found-none = No unit matches “{ $text }”.
organisations-changes = Changes as of { $day }
organisations-made-of = Formed from: { $units }
organisations-made-new = A new unit; no unit of the list preceded it.
organisations-period-both = { $from } – { $to }
organisations-period-from = From { $from } until now
organisations-period-to = Until { $to }
organisations-period-open = Until now; the first day is not known
organisations-code = Code
organisations-name-vi = Vietnamese name
organisations-name-en = English name
organisations-kind = Kind
organisations-validity = Exists
organisations-state-valid = Exists on { $day }
organisations-state-over = Ended before { $day }
organisations-state-future = Does not exist yet on { $day }
organisations-carried = On { $day } this unit is counted as:
organisations-not-carried = On { $day } this unit cannot be converted to another.
organisations-parents = Parent unit
organisations-parents-none = None
organisations-predecessors = Formed from
organisations-successors = Succeeded by
organisations-successor-main = Main successor
organisations-successor-part = Successor in part
organisations-all-changes = Changes of organisation over time
organisations-decisions = Decisions about the unit
organisations-decision = { $number }, in force from { $day }
organisations-units-below = Units directly under it on { $day }
organisations-units-below-none = No unit was directly under it on this day.
## dynamic: organisations-kind-<kind> and organisations-kinds-<kind>
organisations-kind-ministry = Ministry
organisations-kind-ministerial-agency = Ministerial-level agency
organisations-kind-government-agency = Government agency
organisations-kind-central-city = Centrally-run city
organisations-kind-province = Province
organisations-kind-state-corporation = State group or corporation
organisations-kind-department = Provincial department
organisations-kind-directorate = Department or authority of a ministry
organisations-kind-centre = Public service unit
organisations-kind-commune = Commune, ward or special zone
organisations-kinds-ministry = Ministries
organisations-kinds-ministerial-agency = Ministerial-level agencies
organisations-kinds-government-agency = Government agencies
organisations-kinds-central-city = Centrally-run cities
organisations-kinds-province = Provinces
organisations-kinds-state-corporation = State groups and corporations
organisations-kinds-department = Provincial departments
organisations-kinds-directorate = Departments and authorities of ministries
organisations-kinds-centre = Public service units
organisations-kinds-commune = Communes, wards, special zones
##
organisations-groups = Groups of units
organisations-group = { $kind } ({ $count })

# Importing a list: each fault names the list, the line and the reason.
organisations-import-at = { $list }, line { $line }:
organisations-import-broken = { organisations-import-at } cannot be read, or it has more or fewer columns than the headings.
organisations-import-columns = { organisations-import-at } these columns are missing: { $columns }.
organisations-import-column = { organisations-import-at } “{ $column }” is not a column of this list.
organisations-import-column-twice = { organisations-import-at } a column stands twice.
organisations-import-code = { organisations-import-at } “{ $value }” is not a code (capitals, digits and hyphens, at most 32).
organisations-import-name = { organisations-import-at } { $value } must have 1 to 200 characters.
organisations-import-kind = { organisations-import-at } there is no kind “{ $value }”.
organisations-import-day = { organisations-import-at } “{ $value }” is not a day like 2025-07-01.
organisations-import-span = { organisations-import-at } the last day is before the first.
organisations-import-twice = { organisations-import-at } { $code } stands already on line { $first }.
organisations-import-unit-unknown = { organisations-import-at } there is no unit { $code }.
organisations-import-successor-unknown = { organisations-import-at } { $code } is succeeded by { $other }, but there is no unit { $other }.
organisations-import-successor-twice = { organisations-import-at } { $code } names { $other } twice, or succeeds itself.
organisations-import-successor-open = { organisations-import-at } { $code } has successors but no last day.
organisations-import-successor-gap = { organisations-import-at } { $code } is succeeded by { $other }, which does not exist on the day after { $code }’s last.
organisations-import-parent-unknown = { organisations-import-at } { $other } is the parent unit of { $code }, but there is no unit { $other }.
organisations-import-placement-outside = { organisations-import-at } { $other } is the parent unit of { $code } on days on which one of the two does not exist.
organisations-import-placement-overlap = { organisations-import-at } { $other } is the parent unit of { $code } on days on which it has another one.
organisations-import-placement-circle = { organisations-import-at } if { $other } is the parent unit of { $code }, { $code } comes under itself.
organisations-import-unplaced = { organisations-import-at } { $code } must have a parent unit on every day it exists (from { $from } to { $to }).
