# Boards: from the nation to a unit.
targets-group-central = Ministries, ministerial-level and government agencies
targets-group-local = Provinces and cities
targets-group-corporate = State groups and corporations
targets-group-other = Other units
board-period = Period from { $from } to { $to }.
board-lens-day = As of
board-lens-do = Show
board-missing = Missing
board-quota = Allocated
board-given-reached = units with an allocation reached { $part } of { $whole }
board-reached = Reached
board-share = Share
board-place = Place
board-officials = Officials
board-per-hundred = Per 100 officials
board-compare = Compare
board-with-data =
    { $count ->
        [one] { $count } of { $all } units has figures
       *[other] { $count } of { $all } units have figures
    }
board-given = allocated { $count }
board-without-data =
    { $count ->
        [one] { $count } of { $all } agencies has no figures yet.
       *[other] { $count } of { $all } agencies have no figures yet.
    }
board-behind =
    { $count ->
        [one] One agency is behind its allocation.
       *[other] { $count } agencies are behind their allocation.
    }
board-to-remind = Shortfalls and reminders
board-map = Map
board-map-by-quota = Reached, as a share of the allocation
board-map-by-officials = Reached, per 100 officials
board-map-on = Agencies and figures as of { $day }. The darker the tile, the higher the share; a dash means no figure. Hoàng Sa belongs to Đà Nẵng City, Trường Sa to Khánh Hòa Province. The figures of the map are in the table below.
board-map-quota = Each tile is a province or city as of { $day } with the { $unit } reached as a share of its allocation.
board-map-table = The table below the map has all figures.
board-map-elsewhere = The link beside the map opens the table with all figures.
board-map-officials = Each tile is a province or city as of { $day } with the { $unit } reached per 100 officials.
board-rank-quota = Ranking by share of allocation
board-rank-quota-caption = Reached ÷ allocated, the highest first
board-rank-officials = Ranking by the number of officials
board-rank-officials-caption = Without an allocation of their own: by the number reached per 100 officials on { $day }
board-rank-none = Not ranked
board-rank-none-caption = Without an allocation and without officials in the system, so nothing can be compared
board-total-note =
    The units of this page add up to { $people ->
        [one] { $people } person
       *[other] { $people } people
    } and { $turns ->
        [one] { $turns } turn
       *[other] { $turns } turns
    }, as in the line of this group on the target's page.
board-changes = Changes of organisation that affect the figures
board-changes-caption = Since the first day of the period, the latest first; figures are those recorded in the unit and below it
board-changes-unit = Unit
board-changes-day = Since
board-changes-what = Change
board-changes-none = No change moves figures from one unit to another.
board-changes-others =
    { $count ->
        [one] There is one other change, in a unit without figures.
       *[other] There are { $count } other changes, in units without figures.
    }
board-change-succeeded = Became
board-change-split = Divided; figures go with the first of:
board-change-ended = Ended without a successor; cannot be converted
board-change-moved = Moved under
board-public = Public figures
board-public-lead = Officials trained in digital transformation, by the targets in force and those that are closed.
board-public-counting = The figures of this target are being counted anew and are published when that is done.
board-public-reached = Reached by the end of { $day }
board-public-by-month = By month of completion
board-public-by-group = By kind of agency, up to the end of { $day }
board-public-months = From { $from } to { $to }
board-public-too-few = Not enough to be published yet.
board-public-note = Only sums of months that are over are published. Months and kinds of agencies with few people are joined, and no number is below 5 people. Each number is rounded down to a multiple of 5; what is cut off is carried to the next month.
