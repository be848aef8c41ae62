# Trang đầu và danh mục chính.
nav-home = Việc cần làm
nav-styleguide = Kiểu dáng
home-title = Nòng Cốt
home-lead = Nền tảng đào tạo, bồi dưỡng cán bộ, công chức, viên chức về kiến trúc chính phủ điện tử và chuyển đổi số.
home-today = Việc cần làm
home-catalogue = Danh mục khóa học
nav-learning = Lớp của tôi
nav-courses = Khóa học
nav-classes = Lớp học
nav-targets = Chỉ tiêu
nav-certificates = Chứng nhận
nav-register = Sổ cấp
nav-organisations = Đơn vị
