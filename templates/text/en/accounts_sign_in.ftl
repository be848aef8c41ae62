sign-in-title = Sign in
sign-in-needed = Sign in to see that page.
sign-in-identifier = User name, e-mail or phone number
sign-in-identifier-help = Use the work e-mail or the phone number registered with the agency.
sign-in-password = Password
sign-in-submit = Sign in
sign-in-forgotten = Forgotten your password?
sign-in-no-account = No account yet?
sign-in-no-account-help = Accounts are given out by the training officer of the agency. People without a work e-mail can collect a one-time sign-in slip there.
sign-in-identifier-missing = Enter a user name, e-mail address or phone number
sign-in-password-missing = Enter the password
sign-in-wrong = The user name or the password is not right
sign-in-too-many = There were too many wrong entries. Try again in 15 minutes, or reset the password.
sign-in-ticket-over = This place in the line is over. Sign in again.
sign-in-signed-out = Signed out.
sign-in-waiting-title = Waiting to sign in
sign-in-waiting-ahead =
    { $ahead ->
        [one] One person is ahead.
       *[other] { $ahead } people are ahead.
    }
sign-in-waiting-help = The page renews itself every two seconds. The password need not be typed again.
sign-in-waiting-done = It is your turn.
sign-in-waiting-enter = Continue
