# Notices.
notifications-title = Notices
notifications-empty = No notices yet
notifications-new = New
notifications-mark-read = Mark all as read
notifications-older = Older notices
notifications-completed = The course “{ $course }” is completed. The certificate is being made.
notifications-completed-only = The course “{ $course }” is completed.
notifications-seated = There is a place now: enrolled from the waiting list in the class “{ $class }”.
notifications-flagged = The result in “{ $course }” needs to be confirmed, because the time of study was unusually short.
notifications-accepted = The result in “{ $course }” was accepted. The certificate is being made.
notifications-voided = The result in “{ $course }” was voided. The training officer can say why.
notifications-revocation-asked = The completion behind certificate { $number } was voided. The certificate is still in force and waits for a decision to revoke it.
notifications-certificate-revoked = Certificate { $number } was revoked by a decision of { $date }. The public page names the decision.
notifications-certificate-reissued = Certificate { $name } was issued anew as { $number }.
