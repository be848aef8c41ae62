# Notices.
notifications-title = Notices
notifications-empty = No notices yet
notifications-new = New
notifications-mark-read = Mark all as read
notifications-older = Older notices
notifications-completed = The course “{ $course }” is completed. The certificate is being made.
notifications-completed-only = The course “{ $course }” is completed.
notifications-seated = There is a seat now: enrolled from the waiting list in the class “{ $class }”.
notifications-flagged = The result in “{ $course }” needs to be confirmed, because the time of study was unusually short.
notifications-accepted = The result in “{ $course }” was accepted. The certificate is being made.
notifications-voided = The result in “{ $course }” was voided. The training officer can say why.
notifications-revocation-asked = The completion behind certificate { $number } was voided. The certificate is still in force and waits for a decision to revoke it.
notifications-certificate-revoked = Certificate { $number } was revoked by a decision of { $date }. The public page names the decision.
notifications-certificate-reissued = Certificate { $name } was issued anew as { $number }.
notifications-quota-given =
    { $number ->
        [one] { $unit } was allocated { $number } seat: { $name }. The page of the quota takes the answer: accept, or ask for another amount.
       *[other] { $unit } was allocated { $number } seats: { $name }. The page of the quota takes the answer: accept, or ask for another amount.
    }
notifications-quota-given-until =
    { $number ->
        [one] { $unit } was allocated { $number } seat: { $name }, until the end of { $date }. The page of the quota takes the answer: accept, or ask for another amount.
       *[other] { $unit } was allocated { $number } seats: { $name }, until the end of { $date }. The page of the quota takes the answer: accept, or ask for another amount.
    }
notifications-quota-accepted =
    { $number ->
        [one] { $unit } accepted { $number } seat: { $name }.
       *[other] { $unit } accepted { $number } seats: { $name }.
    }
notifications-quota-asked =
    { $number ->
        [one] { $unit } asks for { $number } seat instead: { $name }.
       *[other] { $unit } asks for { $number } seats instead: { $name }.
    }
notifications-quota-returned =
    { $number ->
        [one] { $unit } gave { $number } seat back: { $name }.
       *[other] { $unit } gave { $number } seats back: { $name }.
    }
notifications-quota-granted =
    { $number ->
        [one] What { $unit } asked for was granted: { $number } seat, { $name }.
       *[other] What { $unit } asked for was granted: { $number } seats, { $name }.
    }
notifications-quota-declined =
    { $number ->
        [one] What { $unit } asked for was declined; it stays at { $number } seat: { $name }.
       *[other] What { $unit } asked for was declined; it stays at { $number } seats: { $name }.
    }
notifications-nomination-approved = The nomination for “{ $name }” was approved.
notifications-nomination-enrolled = The nomination for “{ $name }” was approved, with a seat in the class.
notifications-nomination-waiting = The nomination for “{ $name }” was approved, but no seat is left; it is on the waiting list.
notifications-nomination-seated = A seat came free from the waiting list of “{ $name }”.
notifications-nomination-withdrawn = The unit withdrew the nomination for “{ $name }”.
notifications-nomination-replaced = The unit named somebody else for “{ $name }”.
notifications-nominee-seated = Somebody of { $unit } was seated from the waiting list of “{ $name }”.
notifications-nominees-approved =
    { $number ->
        [one] One nomination of the unit was approved, “{ $name }”.
       *[other] { $number } nominations of the unit were approved, “{ $name }”.
    }
notifications-nominees-waiting =
    { $number ->
        [one] One nomination of the unit went on the waiting list, “{ $name }”.
       *[other] { $number } nominations of the unit went on the waiting list, “{ $name }”.
    }
notifications-nominees-returned =
    { $number ->
        [one] One nomination of the unit was returned with a reason, “{ $name }”.
       *[other] { $number } nominations of the unit were returned with a reason, “{ $name }”.
    }
notifications-nominees-rejected =
    { $number ->
        [one] One nomination of the unit was rejected with a reason, “{ $name }”.
       *[other] { $number } nominations of the unit were rejected with a reason, “{ $name }”.
    }
notifications-report-done = Made: { $name }.
notifications-report-failed = Could not be made: { $name }. Open the report to see why.
notifications-nominations-submitted =
    { $number ->
        [one] { $unit } submitted { $number } nomination, “{ $name }”.
       *[other] { $unit } submitted { $number } nominations, “{ $name }”.
    }
notifications-expert-recognised = Recognised in the programme “{ $name }”: decision { $number } of { $date }.
notifications-expert-renewed = The recognition in the programme “{ $name }” is renewed: decision { $number } of { $date }.
notifications-experts-recognised =
    { $number ->
        [one] One person of the unit is recognised in the programme “{ $name }”.
       *[other] { $number } people of the unit are recognised in the programme “{ $name }”.
    }
notifications-experts-renewed =
    { $number ->
        [one] The recognition of one person of the unit is renewed in the programme “{ $name }”.
       *[other] The recognition of { $number } people of the unit is renewed in the programme “{ $name }”.
    }
notifications-expert-ends = The recognition in the programme “{ $name }” ends after { $date }.
notifications-experts-end = The recognition of { $name } as an expert ends after { $date }.
notifications-expert-lapsed = The recognition in the programme “{ $name }” lapsed after { $date }.
notifications-outside-entered = { $unit } recorded an outside class by { $decision }; it awaits a second person.
notifications-outside-confirmed = The outside class by { $decision } was confirmed and counts.
notifications-outside-rejected = The outside class by { $decision } was rejected with a reason.
notifications-session-planned = The class “{ $class }” has a session “{ $name }” that begins at { $date }.
notifications-session-changed = The session “{ $name }” of the class “{ $class }” was changed: it begins at { $date }. Place and link stand on its page.
notifications-session-cancelled = The session “{ $name }” at { $date } of the class “{ $class }” was cancelled. The reason stands on its page.
notifications-session-keeper = An attendance list is to be kept: { $name }, class “{ $class }”, { $date }.
notifications-attendance-submitted = The attendance list { $name }, class “{ $class }”, waits for a second person.
notifications-attendance-confirmed = The attendance list { $name }, class “{ $class }”, was confirmed.
notifications-attendance-returned = The attendance list { $name }, class “{ $class }”, was given back. The reason stands on its page.
notifications-attendance-short = The attendance of { $name } in the class “{ $class }” was corrected after the completion, and too few sessions are left. Decide whether the result stands or is voided.
