# The catalogue, lessons open to everybody, importing courses.
courses-catalogue-title = Course catalogue
courses-catalogue-lead = Courses on e-government and digital transformation. Lessons marked “Open to all” can be read without signing in.
courses-search-label = Find a course
courses-search-help = Vietnamese may be typed with or without accents.
courses-search-submit = Search
courses-search-clear = Show all courses
courses-found =
    { $count ->
        [0] No course has “{ $query }”.
        [1] One course has “{ $query }”.
       *[other] { $count } courses have “{ $query }”.
    }
courses-found-none-help = Try fewer words, or the code of a course such as KT-01.
courses-none = No course has been imported yet.
courses-facts =
    { $lessons ->
        [1] One lesson
       *[other] { $lessons } lessons
    } · { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
courses-minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
courses-code = Course code
courses-length = Length
courses-length-value =
    { $periods ->
        [one] { $periods } period
       *[other] { $periods } periods
    }; { $lessons ->
        [one] { $lessons } lesson
       *[other] { $lessons } lessons
    }, about { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } of reading
courses-audience = For
courses-reviewed = Law last checked
courses-version = Version
courses-objectives = What learners can do afterwards
courses-content = Contents
courses-module = Module { $number }. { $title }
courses-open-lesson = Open to all
courses-tests = Tests
courses-test-facts =
    { $questions ->
        [one] { $questions } question
       *[other] { $questions } questions
    }, { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }, pass mark { $percent }%
courses-runs = Open classes
courses-runs-none = No class is open at present. The organising units will open new ones as planned.
courses-runs-sign-in = Sign in to enrol
courses-lesson-place =
    { $module } · Lesson { $number }/{ $total } · { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
courses-lesson-checks = This lesson has check questions. Enrol in a class to answer them and to have progress recorded.
courses-lesson-enrol = See the open classes
courses-lesson-previous = Previous: { $title }
courses-lesson-next = Next: { $title }
courses-lesson-nav = Lessons of the course
courses-lesson-closed = This lesson is for the learners of a class. Enrol in a class of the course to read it.
courses-slug-taken = The address “{ $slug }” belongs to another course. Change the slug in course.toml.
courses-note-missing = Say what has changed in this version
courses-glossary = Glossary
courses-glossary-lead = Each term in the words of the lesson that explains it. Lessons are in Vietnamese.
courses-glossary-lesson = Lesson { $number }. { $title }
courses-glossary-none = No term can be read here yet
courses-glossary-hidden =
    { $count ->
        [one] One more term is explained in lessons for learners of a class.
       *[other] { $count } more terms are explained in lessons for learners of a class.
    }
courses-handout = Handout
courses-handout-of = Handout: { $course }
courses-handout-help = The whole course in one document to print: the lessons in order, questions without their answers, glossary and sources. It is in Vietnamese.
courses-handout-print = Print
courses-papers = Course documents
courses-before = To be completed first
courses-before-lead = Enrolment in this course needs these courses to be completed.
courses-before-done = Completed
courses-before-missing = Not completed yet
