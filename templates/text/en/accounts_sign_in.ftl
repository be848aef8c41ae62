sign-in-title = Sign in
sign-in-identifier = User name, e-mail or phone number
sign-in-identifier-help = Use the work e-mail or the phone number registered with the agency.
sign-in-password = Password
sign-in-submit = Sign in
sign-in-forgotten = Forgotten password
sign-in-no-account = No account yet
sign-in-no-account-help = Accounts are given out by the training officer of the agency. People without a work e-mail can collect a one-time sign-in slip there.
