# Letters.
mail-greeting = Dear { $name },
mail-signature = Nòng Cốt – the learning platform for officials in digital transformation. Sent automatically; no answer is needed.
mail-link-life = The link works once, within { $hours } hours. If you did not ask for this letter, you may ignore it.
mail-reset-subject = Set a new Nòng Cốt password
mail-reset-lead = Open this link to set a new password:
mail-invitation-subject = Invitation to the Nòng Cốt learning platform
mail-invitation-lead = Your agency has made an account for you. Open this link to set a password and begin:
mail-notice-subject = A notice from Nòng Cốt
