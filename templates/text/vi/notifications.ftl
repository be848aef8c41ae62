# Thông báo.
notifications-title = Thông báo
notifications-empty = Chưa có thông báo
notifications-new = Mới
notifications-mark-read = Đánh dấu đã đọc tất cả
notifications-older = Thông báo cũ hơn
notifications-completed = Đã hoàn thành khóa học “{ $course }”. Giấy chứng nhận đang được lập.
notifications-completed-only = Đã hoàn thành khóa học “{ $course }”.
notifications-seated = Đã có chỗ: đã được ghi danh từ danh sách chờ vào lớp “{ $class }”.
notifications-flagged = Kết quả học “{ $course }” cần được xác nhận vì thời gian học ngắn bất thường.
notifications-accepted = Kết quả học “{ $course }” đã được chấp nhận. Giấy chứng nhận đang được lập.
notifications-voided = Kết quả học “{ $course }” đã bị hủy bỏ. Liên hệ cán bộ phụ trách đào tạo để biết lý do.
notifications-revocation-asked = Kết quả học của giấy chứng nhận { $number } đã bị hủy. Giấy còn hiệu lực và chờ quyết định thu hồi.
notifications-certificate-revoked = Giấy chứng nhận { $number } đã bị thu hồi theo quyết định ngày { $date }. Trang tra cứu ghi số quyết định.
notifications-certificate-reissued = Giấy chứng nhận { $name } đã được cấp lại dưới số { $number }.
