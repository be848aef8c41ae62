# Accounts.
accounts-title = Account
accounts-contact = Sign-in details
accounts-email = Official e-mail
accounts-phone = Phone number
accounts-user-name = User name
accounts-none = None
accounts-correct = If the name or the unit is wrong, ask the training officer of your agency to correct it.
accounts-memberships = Units and positions
accounts-no-membership = No unit yet
accounts-until-now = now
accounts-roles = Roles
accounts-since = since
# dynamic
accounts-role-learner = Learner
# dynamic
accounts-role-instructor = Instructor
# dynamic
accounts-role-officer = Training officer
# dynamic
accounts-role-coordinator = National coordinator
# dynamic
accounts-role-auditor = Auditor
# dynamic
accounts-role-administrator = System administrator
# dynamic
accounts-category-leaders = Leaders, managers
# dynamic
accounts-category-technology = Specialised technology staff
# dynamic
accounts-category-other = Civil servants, public employees, workers
accounts-change-password = Change password
accounts-change-password-lead = Other devices will be signed out.
accounts-password-old = Current password
accounts-password-old-help = Leave empty if none was ever set.
accounts-password-new = New password
accounts-password-help = At least 10 characters. A sentence that is easy to keep in mind beats a difficult word.
accounts-password-again = New password again
accounts-password-save = Save password
accounts-password-short = The password needs at least { $shortest } characters
accounts-password-long = The password is longer than 200 characters
accounts-password-differs = The two entries differ
accounts-password-wrong = The current password is not right
accounts-password-changed = The password was changed.
accounts-sessions-title = Signed-in devices
accounts-sessions-lead = If a device is unfamiliar, end its session and change the password.
accounts-device = Device
accounts-device-phone = Phone
accounts-device-tablet = Tablet
accounts-device-computer = Computer
accounts-device-other = Other device
accounts-address = Network address
accounts-session-begun = Signed in at
accounts-session-seen = Last used
accounts-session-action = Action
accounts-session-this = This device
accounts-session-end = End session
accounts-session-end-others = End all other sessions
accounts-session-ended = The session was ended.
accounts-sessions-ended = All other sessions were ended.
accounts-link-title = Sign in
accounts-link-hello = { $name }
accounts-link-sign-in = This link signs in once, on this device.
accounts-link-enter = Sign in
accounts-link-password = Set a password to sign in. The link works once.
accounts-link-save = Save and sign in
accounts-link-over = The link was used, is too old or is not right. Ask for a new one.
accounts-slip-title = Sign in with a slip
accounts-slip-lead = The slip is printed by the training officer of your agency and works once.
accounts-slip-code = Code on the slip
accounts-slip-code-help = 16 characters, such as ABCD-EFGH-JKLM-NPQR.
accounts-slip-continue = Continue
accounts-slip-unknown = The code is not right, was used or is too old
accounts-forgotten-title = Forgotten your password?
accounts-forgotten-lead = A link to set a new password is sent to the e-mail address of the account.
accounts-forgotten-send = Send the link
accounts-forgotten-no-mail = Without an official e-mail address
accounts-forgotten-no-mail-help = Ask the training officer of your agency to print a slip.
accounts-reset-sent = If the account has an e-mail address, a link to set a new password is on its way.
accounts-no-email = This person has no e-mail address; print a slip instead.
accounts-disabled = The account is locked.
accounts-name-missing = Enter the full name
accounts-email-taken = This e-mail address belongs to another account
accounts-phone-taken = This phone number belongs to another account
accounts-user-name-taken = This user name is taken
accounts-membership-over = This membership has ended, or the last day is before the first.
accounts-role-unit = This role needs a unit; a national role has none
accounts-role-held = This person already has that role
