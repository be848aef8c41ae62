sign-in-title = Đăng nhập
sign-in-identifier = Tên đăng nhập, email hoặc số điện thoại
sign-in-identifier-help = Dùng email công vụ hoặc số điện thoại đã đăng ký với đơn vị.
sign-in-password = Mật khẩu
sign-in-submit = Đăng nhập
sign-in-forgotten = Quên mật khẩu
sign-in-no-account = Chưa có tài khoản
sign-in-no-account-help = Tài khoản do cán bộ phụ trách đào tạo của đơn vị cấp. Người không có email công vụ có thể nhận phiếu đăng nhập dùng một lần tại đơn vị.
