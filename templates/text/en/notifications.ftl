# Notices.
notifications-title = Notices
notifications-empty = No notices yet
notifications-new = New
notifications-mark-read = Mark all as read
notifications-older = Older notices
