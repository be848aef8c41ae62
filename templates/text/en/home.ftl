# The first page and the main navigation.
nav-home = To do
nav-styleguide = Styles
home-title = Nòng Cốt
home-lead = The learning platform for officials in e-government architecture and digital transformation.
home-today = To do
home-catalogue = Course catalogue
nav-learning = My classes
nav-courses = Courses
nav-classes = Classes
nav-targets = Targets
nav-certificates = Certificates
nav-register = Register
nav-organisations = Agencies
