# Tài khoản.
accounts-title = Tài khoản
accounts-contact = Thông tin đăng nhập
accounts-email = Email công vụ
accounts-phone = Số điện thoại
accounts-user-name = Tên đăng nhập
accounts-none = Chưa có
accounts-correct = Họ tên, đơn vị sai thì đề nghị cán bộ phụ trách đào tạo của đơn vị sửa.
accounts-memberships = Quá trình công tác
accounts-no-membership = Chưa có đơn vị công tác
accounts-until-now = nay
accounts-roles = Vai trò
accounts-since = từ
# dynamic
accounts-role-learner = Học viên
# dynamic
accounts-role-instructor = Giảng viên
# dynamic
accounts-role-officer = Cán bộ phụ trách đào tạo
# dynamic
accounts-role-coordinator = Điều phối viên quốc gia
# dynamic
accounts-role-auditor = Người kiểm tra, đối soát
# dynamic
accounts-role-administrator = Quản trị hệ thống
# dynamic
accounts-category-leaders = Lãnh đạo, quản lý
# dynamic
accounts-category-technology = Cán bộ chuyên trách công nghệ
# dynamic
accounts-category-other = Công chức, viên chức, người lao động khác
accounts-change-password = Đổi mật khẩu
accounts-change-password-lead = Sau khi đổi, các thiết bị khác phải đăng nhập lại.
accounts-password-old = Mật khẩu hiện tại
accounts-password-old-help = Để trống nếu chưa từng đặt mật khẩu.
accounts-password-new = Mật khẩu mới
accounts-password-help = Ít nhất 10 ký tự. Một câu dễ nhớ tốt hơn một từ khó.
accounts-password-again = Nhập lại mật khẩu mới
accounts-password-save = Lưu mật khẩu
accounts-password-short = Mật khẩu cần ít nhất { $shortest } ký tự
accounts-password-long = Mật khẩu dài quá 200 ký tự
accounts-password-differs = Hai lần nhập chưa giống nhau
accounts-password-wrong = Mật khẩu hiện tại chưa đúng
accounts-password-changed = Đã đổi mật khẩu.
accounts-sessions-title = Thiết bị đang đăng nhập
accounts-sessions-lead = Nếu có thiết bị lạ, kết thúc phiên đó và đổi mật khẩu.
accounts-device = Thiết bị
accounts-device-phone = Điện thoại
accounts-device-tablet = Máy tính bảng
accounts-device-computer = Máy tính
accounts-device-other = Thiết bị khác
accounts-address = Địa chỉ mạng
accounts-session-begun = Đăng nhập lúc
accounts-session-seen = Dùng gần nhất
accounts-session-action = Thao tác
accounts-session-this = Thiết bị này
accounts-session-end = Kết thúc phiên
accounts-session-end-others = Kết thúc mọi phiên khác
accounts-session-ended = Đã kết thúc phiên.
accounts-sessions-ended = Đã kết thúc mọi phiên khác.
accounts-link-title = Vào hệ thống
accounts-link-hello = Ông/Bà { $name }
accounts-link-sign-in = Đường dẫn này đăng nhập một lần, trên thiết bị này.
accounts-link-enter = Vào hệ thống
accounts-link-password = Đặt mật khẩu để vào hệ thống. Đường dẫn chỉ dùng được một lần.
accounts-link-save = Lưu và vào hệ thống
accounts-link-over = Đường dẫn đã được dùng, đã hết hạn hoặc không đúng. Đề nghị gửi đường dẫn mới.
accounts-slip-title = Vào bằng phiếu đăng nhập
accounts-slip-lead = Phiếu do cán bộ phụ trách đào tạo của đơn vị in và chỉ dùng được một lần.
accounts-slip-code = Mã trên phiếu
accounts-slip-code-help = 16 ký tự, ví dụ ABCD-EFGH-JKLM-NPQR.
accounts-slip-continue = Tiếp tục
accounts-slip-unknown = Mã không đúng, đã được dùng hoặc đã hết hạn
accounts-forgotten-title = Quên mật khẩu
accounts-forgotten-lead = Hệ thống gửi đường dẫn đặt lại mật khẩu đến email của tài khoản.
accounts-forgotten-send = Gửi đường dẫn
accounts-forgotten-no-mail = Không có email công vụ
accounts-forgotten-no-mail-help = Đề nghị cán bộ phụ trách đào tạo của đơn vị in phiếu đăng nhập.
accounts-reset-sent = Nếu tài khoản có email, đường dẫn đặt lại mật khẩu đang được gửi đến.
accounts-no-email = Người này chưa có email; hãy in phiếu đăng nhập.
accounts-disabled = Tài khoản đã bị khóa.
accounts-name-missing = Nhập họ và tên
accounts-email-taken = Email này đã thuộc về một tài khoản khác
accounts-phone-taken = Số điện thoại này đã thuộc về một tài khoản khác
accounts-user-name-taken = Tên đăng nhập này đã có người dùng
accounts-membership-over = Quá trình công tác này đã kết thúc hoặc ngày kết thúc sớm hơn ngày bắt đầu.
accounts-role-unit = Vai trò này cần gắn với một đơn vị; vai trò toàn quốc thì không
accounts-role-held = Người này đã có vai trò đó
