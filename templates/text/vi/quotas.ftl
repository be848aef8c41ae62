# Phân bổ chỉ tiêu: các đợt, suất của từng đơn vị.
quotas-title = Phân bổ chỉ tiêu
quotas-lead = Các đợt phân bổ suất đào tạo cho bộ, ngành, địa phương và đơn vị trực thuộc.
quotas-lead-unit = Suất đào tạo đơn vị được phân bổ, hạn sử dụng và phần đã phân bổ tiếp cho đơn vị trực thuộc.
quotas-none = Chưa có đợt phân bổ nào.
quotas-none-unit = Đơn vị chưa được phân bổ suất nào.
quotas-rounds = Các đợt phân bổ
quotas-round = Đợt phân bổ
quotas-state = Trạng thái
quotas-seats = suất
quotas-seats-noun = suất
quotas-total = Tổng số suất
quotas-allocated = Đã phân bổ
quotas-accepted = Đơn vị đã chấp nhận
quotas-taken = Đã đề cử
quotas-left-to-give = Còn { $count } suất chưa phân bổ.
quotas-waiting-count = { $count } đơn vị chưa trả lời.
quotas-asked-count = { $count } đơn vị đề nghị điều chỉnh.
quotas-drawn = Chặng đường của các suất
quotas-drawn-desc = Tổng { $total } suất; đã phân bổ { $allocated }; đơn vị đã chấp nhận { $accepted }; đã đề cử { $taken }.
quotas-by-shortfall = Xếp theo số suất còn thiếu người
quotas-shortfall-note = Còn thiếu là số suất đã phân bổ mà đơn vị và các đơn vị trực thuộc chưa đề cử người.
quotas-given-seats = Được phân bổ
quotas-passed-on = Phân bổ tiếp
quotas-shortfall = Còn thiếu
quotas-answer = Trả lời
quotas-nobody-below = Chưa phân bổ tiếp cho đơn vị trực thuộc nào.
quotas-nobody-yet = Chưa phân bổ cho đơn vị nào.
quotas-deadline = Hạn sử dụng
quotas-deadline-help = Bỏ trống thì theo hạn của đợt hoặc của đơn vị phân bổ.
quotas-until = Hạn hết ngày { $day }
quotas-letter-title = Công văn
quotas-letter = Số { $number }
quotas-letter-dated = Số { $number } ngày { $date }
quotas-letter-number = Số công văn
quotas-letter-date = Ngày công văn
quotas-open = Mở đợt phân bổ
quotas-open-do = Mở đợt
quotas-open-lead = Tổng số suất không thay đổi được sau khi mở. Một đợt có thể gắn với một chỉ tiêu, và với một lớp để người được duyệt vào thẳng lớp đó.
quotas-code = Mã của đợt
quotas-for-target = Cho chỉ tiêu
quotas-for-target-help = Trang của chỉ tiêu khi đó cho thấy số đã phân bổ và đã đề cử.
quotas-for-run = Cho lớp
quotas-for-run-help = Lớp mà người được duyệt đề cử được ghi danh vào.
quotas-for-none = Không gắn
quotas-opened = Đã mở đợt phân bổ.
quotas-closed = Đã kết thúc đợt phân bổ.
quotas-close = Kết thúc đợt phân bổ
quotas-close-lead = Sau khi kết thúc không thể phân bổ, điều chuyển hay đề cử thêm trong đợt này. Số liệu và lịch sử được giữ nguyên.
quotas-allocate-title = Phân bổ cho bộ, ngành, địa phương
quotas-allocate-lead = Chọn một đơn vị, hoặc dán nhiều dòng. Đơn vị đã có suất trong đợt được cộng thêm và được hỏi lại. Một dòng sai thì chưa dòng nào được ghi.
quotas-allocate-below = Phân bổ tiếp cho đơn vị trực thuộc
quotas-allocate-below-lead = Còn { $count } suất có thể phân bổ tiếp. Đơn vị đã có suất trong đợt được cộng thêm và được hỏi lại.
quotas-unit = Đơn vị
quotas-unit-choose = Chọn đơn vị
quotas-amount = Số suất
quotas-rows = Nhiều đơn vị
quotas-rows-help = Mỗi dòng một đơn vị: mã đơn vị, số suất. Dán được từ bảng tính. Ví dụ: BYT, 30
quotas-note = Ghi chú
quotas-allocate = Phân bổ
quotas-given = { $count ->
   *[other] Đã phân bổ cho { $count } đơn vị.
  }
quotas-handed-on = Đã phân bổ tiếp.
quotas-below = Đơn vị trực thuộc
quotas-given-by = Đơn vị phân bổ
quotas-given-by-coordinator = Điều phối viên quốc gia
quotas-used = Đã dùng
quotas-used-of = { $taken }/{ $amount } suất
quotas-left = Còn { $count } suất chưa dùng.
quotas-passed-on-count = Đã phân bổ tiếp { $count } suất cho đơn vị trực thuộc.
quotas-days-left = { $count ->
   *[other] còn { $count } ngày
  }
quotas-days-today = hết hạn hôm nay
quotas-days-over = { $count ->
   *[other] quá hạn { $count } ngày
  }
quotas-asks-for = đề nghị { $count } suất
quotas-asked-now = Đơn vị đề nghị { $count } suất. Lý do: { $reason }
quotas-answer-title = Trả lời của đơn vị
quotas-accept = Chấp nhận { $count } suất
quotas-ask = Đề nghị điều chỉnh
quotas-ask-do = Gửi đề nghị
quotas-asked-amount = Số suất đề nghị
quotas-reason = Lý do
quotas-answered = Đã ghi trả lời của đơn vị.
quotas-give-back = Trả lại suất không dùng
quotas-give-back-do = Trả lại
quotas-count = Số suất
quotas-returned = Đã trả lại.
quotas-settle = Quyết định về đề nghị
quotas-granted = Số suất mới của đơn vị
quotas-grant = Đồng ý
quotas-decline = Không đồng ý
quotas-decision-reason = Ý kiến
quotas-decision-reason-help = Cần ghi khi không đồng ý.
quotas-settled = Đã ghi quyết định.
quotas-move = Điều chuyển sang đơn vị khác
quotas-move-lead = Chỉ chuyển được suất chưa dùng và chưa phân bổ tiếp. Đơn vị nhận được hỏi lại.
quotas-move-to = Đơn vị nhận
quotas-move-do = Điều chuyển
quotas-moved = Đã điều chuyển.
quotas-history = Lịch sử
quotas-step-reason = Lý do: { $reason }
# dynamic
quotas-state-open = Đang phân bổ
# dynamic
quotas-state-closed = Đã kết thúc
# dynamic
quotas-answer-waiting = Chưa trả lời
# dynamic
quotas-answer-accepted = Đã chấp nhận
# dynamic
quotas-answer-asked = Đề nghị điều chỉnh
# dynamic
quotas-step-opened = Mở đợt với { $count } suất
# dynamic
quotas-step-closed = Kết thúc đợt
# dynamic
quotas-step-allocated = Được phân bổ { $count } suất
# dynamic
quotas-step-accepted = Chấp nhận
# dynamic
quotas-step-asked = Đề nghị thêm { $count } suất
# dynamic
quotas-step-asked-less = Đề nghị bớt { $count } suất
# dynamic
quotas-step-granted = Đề nghị được đồng ý: thêm { $count } suất
# dynamic
quotas-step-granted-less = Đề nghị được đồng ý: bớt { $count } suất
# dynamic
quotas-step-declined = Đề nghị không được đồng ý
# dynamic
quotas-step-reallocated = Nhận { $count } suất từ đơn vị khác
# dynamic
quotas-step-moved-away = Chuyển { $count } suất sang đơn vị khác
# dynamic
quotas-step-returned = Trả lại { $count } suất
# dynamic
quotas-step-seat-taken = Đề cử { $name }
# dynamic
quotas-step-seat-returned = Rút đề cử { $name }, suất trở lại đơn vị
quotas-refused-closed = Đợt phân bổ đã kết thúc.
quotas-refused-too-many = Không đủ suất: chỉ còn { $left } suất có thể phân bổ.
quotas-refused-in-use = Đơn vị đang dùng { $used } suất (đã đề cử hoặc đã phân bổ tiếp); không thể giảm dưới số đó.
quotas-refused-accepted = Đơn vị đã chấp nhận từ trước.
quotas-refused-not-asked = Đề nghị này không còn. Tải lại trang để xem tình hình hiện tại.
quotas-refused-seated = Người này đã có suất trong đợt của đơn vị.
quotas-refused-no-seat = Người này không có suất trong đợt của đơn vị.
quotas-fault-title = Nhập tên của đợt.
quotas-fault-total = Số suất từ 1 đến 10.000.000.
quotas-fault-number = Nhập một số nguyên không âm.
quotas-fault-count = Số suất phải lớn hơn 0.
quotas-fault-same = Số suất đề nghị bằng số đang có.
quotas-fault-reason = Ghi lý do.
quotas-fault-deadline = Hạn đã qua.
quotas-fault-deadline-late = Hạn muộn hơn hạn của đơn vị phân bổ.
quotas-fault-target = Không có chỉ tiêu này.
quotas-fault-run = Không có lớp này.
quotas-fault-rows = Mỗi đơn vị một lần, với số suất lớn hơn 0.
quotas-fault-choose = Chọn đơn vị hoặc dán các dòng.
quotas-fault-line = Dòng { $line }: cần mã đơn vị và số suất lớn hơn 0.
# dynamic
quotas-fault-no-unit = Không có đơn vị mang mã { $unit }.
# dynamic
quotas-fault-no-unit-line = Dòng { $line }: không có đơn vị mang mã { $unit }.
quotas-fault-unit = Không phân bổ được cho { $unit } ở cấp này.
# dynamic
quotas-fault-unit-line = Dòng { $line }: không phân bổ được cho { $unit } ở cấp này.
# dynamic
quotas-fault-twice = Đơn vị { $unit } có hai lần.
# dynamic
quotas-fault-twice-line = Dòng { $line }: đơn vị { $unit } có hai lần.
quotas-fault-other-hand = Đơn vị { $unit } đã được một đơn vị khác phân bổ trong đợt này.
quotas-fault-sibling = Chọn một đơn vị cùng cấp trong đợt này.
quotas-nominations = Hồ sơ đề cử
