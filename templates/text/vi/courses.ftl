# Danh mục khóa học, bài học mở cho mọi người, nhập khóa học.
courses-catalogue-title = Danh mục khóa học
courses-catalogue-lead = Các khóa bồi dưỡng về chính phủ điện tử và chuyển đổi số. Bài ghi “Đọc tự do” đọc được không cần đăng nhập.
courses-search-label = Tìm khóa học
courses-search-help = Gõ có dấu hoặc không dấu đều được.
courses-search-submit = Tìm
courses-search-clear = Xem tất cả khóa học
courses-found =
    { $count ->
        [0] Không tìm thấy khóa học nào có “{ $query }”.
       *[other] { $count } khóa học có “{ $query }”.
    }
courses-found-none-help = Thử ít từ hơn, hoặc tìm theo mã khóa học như KT-01.
courses-none = Chưa có khóa học nào được nhập.
courses-facts = { $lessons } bài · { $minutes } phút
courses-minutes = { $minutes } phút
courses-code = Mã khóa học
courses-length = Thời lượng
courses-length-value = { $periods } tiết; { $lessons } bài, khoảng { $minutes } phút đọc
courses-audience = Đối tượng
courses-reviewed = Rà soát pháp lý
courses-version = Phiên bản
courses-objectives = Học xong làm được gì
courses-content = Nội dung
courses-module = Chuyên đề { $number }. { $title }
courses-open-lesson = Đọc tự do
courses-tests = Kiểm tra
courses-test-facts = { $questions } câu, { $minutes } phút, đạt từ { $percent }%
courses-runs = Lớp đang mở
courses-runs-none = Chưa có lớp nào đang mở. Đơn vị tổ chức sẽ mở lớp mới theo kế hoạch.
courses-runs-sign-in = Đăng nhập để ghi danh
courses-lesson-place = { $module } · Bài { $number }/{ $total } · { $minutes } phút
courses-lesson-checks = Bài này có câu hỏi tự kiểm tra. Ghi danh vào một lớp để trả lời và được ghi nhận tiến độ.
courses-lesson-enrol = Xem các lớp đang mở
courses-lesson-previous = Bài trước: { $title }
courses-lesson-next = Bài sau: { $title }
courses-lesson-nav = Các bài của khóa học
courses-lesson-closed = Bài học này dành cho học viên của lớp. Ghi danh vào một lớp của khóa học để đọc.
courses-slug-taken = Đường dẫn “{ $slug }” đã thuộc một khóa học khác. Đổi slug trong course.toml.
courses-note-missing = Cần ghi chú thay đổi của phiên bản này
courses-glossary = Thuật ngữ
courses-glossary-lead = Mỗi thuật ngữ kèm câu giải thích trong bài học.
courses-glossary-lesson = Bài { $number }. { $title }
courses-glossary-none = Chưa có thuật ngữ nào đọc được ở đây
courses-glossary-hidden = Còn { $count } thuật ngữ trong các bài dành cho học viên của lớp.
courses-handout = Tài liệu phát tay
courses-handout-of = Tài liệu phát tay: { $course }
courses-handout-help = Toàn bộ khóa học trong một tài liệu để in: các bài theo thứ tự, câu hỏi không kèm đáp án, thuật ngữ và nguồn.
courses-handout-print = In tài liệu
courses-papers = Tài liệu của khóa học
courses-before = Học trước
courses-before-lead = Cần hoàn thành các khóa sau rồi mới ghi danh được khóa này.
courses-before-done = Đã hoàn thành
courses-before-missing = Chưa hoàn thành
