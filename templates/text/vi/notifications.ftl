# Thông báo.
notifications-title = Thông báo
notifications-empty = Chưa có thông báo
notifications-new = Mới
notifications-mark-read = Đánh dấu đã đọc tất cả
notifications-older = Thông báo cũ hơn
