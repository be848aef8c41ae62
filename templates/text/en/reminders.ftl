# Reminders.
reminders-title = Reminders
reminders-agencies = Agencies behind or without figures
reminders-learners = Learners due or overdue
reminders-learners-lead = Learners of the unit who have not completed a class that ends soon or has ended.
reminders-once = Nobody gets more than one reminder a day.
reminders-until = The target ends on { $day }.
reminders-send-all =
    { $count ->
        [one] Remind the one person
       *[other] Remind all ({ $count } people)
    }
reminders-send-red = { $count ->
    [one] Remind the one agency with an officer
   *[other] Remind { $count } agencies with an officer
}
reminders-send-chosen-agencies = Remind chosen agencies
reminders-unreachable = { $count ->
    [one] One agency has no training officer, so it cannot be reminded.
   *[other] { $count } agencies have no training officer, so they cannot be reminded.
}
reminders-send-chosen = Remind those chosen
reminders-none-chosen = Nobody was chosen.
reminders-caption =
    { $count ->
        [one] { $count } enrolment
       *[other] { $count } enrolments
    } of { $people ->
        [one] { $people } person
       *[other] { $people } people
    }, the earliest end first
reminders-due-in =
    { $days ->
        [one] { $days } day left
       *[other] { $days } days left
    }
reminders-over-since =
    { $days ->
        [one] { $days } day overdue
       *[other] { $days } days overdue
    }
reminders-today = Reminded today
reminders-nobody = Nobody is due or overdue.
reminders-filters = Filter by standing
reminders-filter = { $label } ({ $count })
reminders-all = All
reminders-behind = Behind
reminders-no-data = No figures
reminders-on-its-way = On track
reminders-agencies-caption =
    { $count ->
        [one] { $count } agency, as it is today
       *[other] { $count } agencies, as they are today; those behind first, then those without figures
    }
reminders-missing-by-group = Missing by group
reminders-parts-note = The allocation is divided as the target is; a surplus in one group does not make up for a shortfall in another.
reminders-pace = A week: needed / actual
reminders-contact = Training officer
reminders-no-contact = None yet
reminders-figures = See figures
reminders-no-agency = No agencies.
reminders-batch = Result of the reminders
reminders-sending = Sending
reminders-look-again = Look again
reminders-sent = Sent
reminders-skipped = Left out
reminders-skipped-note = reminded today already
reminders-unreached = Without a training officer
reminders-unit-agencies =
    { $count ->
        [one] agency
       *[other] agencies
    }
reminders-back = Back to the list
reminders-learner-due = The class “{ $class }” ends on { $date } and is not completed. Go on in order to complete it in time.
reminders-learner-over = The class “{ $class }” ended on { $date } and was not completed. Ask the training officer for another class.
reminders-agency-short = { $unit } is { $number } short of its allocation for the target “{ $name }”, which ends on { $date }. Follow up, and report difficulties if there are any.
reminders-agency-no-data = { $unit } has no figures yet for the target “{ $name }”, which ends on { $date }. Hold a training, or enter one that was held outside the system.
