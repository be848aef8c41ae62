# Thư điện tử.
mail-greeting = Kính gửi Ông/Bà { $name },
mail-signature = Nòng Cốt – Nền tảng đào tạo, bồi dưỡng cán bộ về chuyển đổi số. Thư gửi tự động, không cần trả lời.
mail-link-life = Đường dẫn chỉ dùng được một lần, trong { $hours } giờ. Nếu không yêu cầu thư này, có thể bỏ qua.
mail-reset-subject = Đặt lại mật khẩu Nòng Cốt
mail-reset-lead = Mở đường dẫn sau để đặt mật khẩu mới:
mail-invitation-subject = Mời vào hệ thống học tập Nòng Cốt
mail-invitation-lead = Đơn vị đã tạo tài khoản học tập cho Ông/Bà. Mở đường dẫn sau để đặt mật khẩu và bắt đầu:
mail-notice-subject = Thông báo từ Nòng Cốt
