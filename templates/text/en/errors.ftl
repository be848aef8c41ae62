# Error pages.
error-go-home = Go to the first page
error-sign-in-title = Sign in first
error-sign-in = The session is over. Sign in again to go on.
error-not-found-title = Page not found
error-not-found = The address is wrong, or the content is not meant for this account.
error-forbidden-title = Not allowed
error-forbidden = This account may not do this. If it should, ask the training officer of your agency.
error-refused-title = This could not be done
error-invalid-title = Something needs correcting
error-invalid = Some of what was typed cannot be accepted. Nothing was changed.
error-bad-request-title = The request is not valid
error-broken-request = The browser sent a request that cannot be read. Nothing was changed.
error-broken-form = The form was sent incomplete. Open the page again and retry.
error-forged-form = The form is too old or was not sent from this page. Open the page again and resend it.
error-too-many-title = Try again in a few minutes
error-too-many =
    { $minutes ->
        [one] There were too many failed attempts. Try again in one minute.
       *[other] There were too many failed attempts. Try again in { $minutes } minutes.
    }
error-too-large-title = Too large
error-too-large = What was sent is larger than allowed. Nothing was changed.
error-unavailable-title = The service is interrupted
error-unavailable = The database does not answer. Everything that was reported as saved is kept; try again in a few minutes.
error-busy-title = Very busy just now
error-busy = Many people are waiting. Try again in a few seconds.
error-not-known-title = The outcome is not known
error-not-known = The request was sent, but it is not known whether it was saved. Open the page again and check before resending.
error-internal-title = Something went wrong
error-internal = Nothing was changed. The fault was recorded; when asking for help, give the reference below.
