//! The tables, as diesel knows them; the migrations are the truth. One file for both databases.

/// Which tables stand in one query. A compiler that reads all pairs of all tables takes a sixth longer than one that reads the pairs of tables
/// which some file works with, and diesel's own macro writes ten impls for a pair: eight of them let a table stand beside PostgreSQL's `ONLY` and
/// `TABLESAMPLE` of another, which nothing here asks for. A query that is the first to join two tables adds its pair here.
macro_rules! queried_together {
    ($($one:ident: $($other:ident)+;)+) => {
        $($(
            impl diesel::query_source::TableNotEqual<$one::table> for $other::table {}
            impl diesel::query_source::TableNotEqual<$other::table> for $one::table {}
        )+)+
    };
}

queried_together! {
    settings: files units people course_versions class_runs enrolments completion_events certificate_registers
        certificates certificate_events;
    jobs: audit_events certificates reports report_files;
    files: units people courses course_versions class_runs class_files enrolments completion_events
        class_sessions attendance_lists attendance_marks attendance_hands attendance_events
        certificate_registers certificates certificate_events outside_classes outside_people outside_decisions
        outside_completions outside_files quota_rounds quotas nomination_rounds nomination_letters nominations
        nomination_events programmes programme_groups programme_courses programme_posts programme_cohorts
        programme_runs programme_decisions reports report_files;
    audit_events: audit_seals units unit_placements unit_successions people memberships completion_events
        waiting_list target_counts target_events quota_events;
    units: unit_placements unit_successions unit_changes unit_change_units people memberships role_grants
        sessions courses course_versions class_runs enrolments lesson_progress completion_events target_counts
        seals seal_people target_events quota_rounds quotas quota_events nomination_rounds nomination_letters
        nominations nomination_events;
    unit_placements: unit_successions unit_changes unit_change_units memberships role_grants;
    unit_successions: unit_changes unit_change_units memberships role_grants;
    unit_changes: unit_change_units;
    people: memberships membership_transfers role_grants sessions one_time_links api_tokens notices
        people_imports people_import_rows courses course_versions class_runs enrolments lesson_progress
        check_answers completion_events waiting_list certificate_registers certificates counted_turns
        counted_people outside_classes outside_completions quota_rounds quotas quota_events nomination_rounds
        nomination_letters nominations nomination_events reminder_batches reminders programme_groups
        programme_courses programme_cohorts programme_runs programme_counts programme_members programme_events;
    memberships: membership_transfers role_grants sessions one_time_links notices people_imports
        people_import_rows class_runs enrolments lesson_progress target_counts quota_rounds quotas
        programme_groups programme_courses programme_cohorts programme_runs programme_counts programme_members
        programme_events;
    membership_transfers: role_grants people_imports;
    role_grants: sessions one_time_links api_tokens people_imports people_import_rows certificates;
    sessions: one_time_links people_imports people_import_rows;
    one_time_links: notices people_imports people_import_rows;
    api_tokens: certificates;
    notices: people_imports people_import_rows;
    people_imports: people_import_rows;
    courses: course_versions course_modules lessons course_assets course_terms course_handouts items assessments
        class_runs enrolments completion_events certificates targets target_courses counted_turns counted_people
        target_counts target_kinds outside_classes outside_people outside_decisions outside_completions
        outside_files seals target_events quota_rounds quotas quota_events reminder_batches reminders programmes
        programme_groups programme_courses programme_posts programme_cohorts programme_runs programme_counts
        programme_decisions;
    course_versions: course_modules lessons course_assets course_terms course_handouts items assessments
        class_runs enrolments completion_events programmes programme_groups programme_courses programme_posts
        programme_cohorts programme_runs programme_decisions;
    course_modules: lessons course_assets course_terms course_handouts items assessments;
    lessons: course_assets course_terms course_handouts items assessments;
    course_assets: course_terms course_handouts items assessments;
    course_terms: course_handouts items assessments;
    course_handouts: items assessments;
    items: assessments;
    class_runs: enrolments lesson_progress check_answers completion_events waiting_list class_sessions
        class_session_events class_sites attendance_events certificates targets counted_turns counted_people
        outside_classes outside_completions quota_rounds reminder_batches reminders programmes programme_groups
        programme_courses programme_posts programme_cohorts programme_runs programme_counts programme_decisions
        programme_members programme_events;
    enrolments: lesson_progress check_answers completion_events lesson_beats waiting_list class_sessions
        class_session_events attendance_lists attendance_events attempts attempt_answers certificate_registers
        certificates certificate_events counted_turns counted_people outside_classes outside_completions
        reminder_batches reminders programme_groups programme_courses programme_cohorts programme_runs
        programme_counts programme_members programme_events;
    lesson_progress: check_answers completion_events lesson_beats waiting_list;
    check_answers: completion_events waiting_list;
    completion_events: waiting_list certificate_registers certificates certificate_events targets target_courses
        counted_turns counted_people target_counts target_kinds outside_classes outside_people outside_decisions
        outside_completions outside_files target_events quota_rounds quotas quota_events reminder_batches
        reminders programme_members programme_events;
    class_sessions: class_session_events class_sites class_seats attendance_lists attendance_marks
        attendance_hands attendance_events;
    class_session_events: class_sites class_seats attendance_events;
    class_sites: class_seats attendance_lists;
    attendance_lists: attendance_marks attendance_hands attendance_events;
    attendance_marks: attendance_hands attendance_events;
    attendance_hands: attendance_events;
    attempts: attempt_answers;
    certificate_registers: certificates certificate_events;
    certificates: certificate_events counted_turns counted_people outside_classes outside_completions;
    targets: target_courses counted_turns counted_people target_counts target_kinds seals target_events
        quota_rounds;
    target_courses: counted_turns counted_people target_counts target_kinds target_events;
    counted_turns: counted_people target_counts target_kinds outside_classes outside_completions target_events;
    counted_people: target_counts outside_classes outside_completions target_events;
    target_counts: target_events quota_rounds quotas quota_events;
    outside_classes: outside_people outside_decisions outside_completions outside_files;
    outside_people: outside_decisions outside_completions outside_files;
    outside_decisions: outside_completions outside_files;
    outside_completions: outside_files target_events;
    seals: seal_people;
    target_events: quota_events;
    quota_rounds: quotas quota_events nomination_rounds nomination_letters nominations nomination_events;
    quotas: quota_events nomination_rounds nomination_letters nominations nomination_events;
    nomination_rounds: nomination_letters nominations nomination_events;
    nomination_letters: nominations nomination_events;
    nominations: nomination_events programme_cohorts programme_counts programme_members programme_events;
    reminder_batches: reminders;
    programmes: programme_groups programme_courses programme_posts programme_cohorts programme_runs
        programme_counts programme_decisions programme_members programme_events;
    programme_groups: programme_courses programme_posts programme_cohorts programme_runs programme_counts
        programme_decisions programme_members programme_events;
    programme_courses: programme_posts programme_cohorts programme_runs programme_counts programme_decisions
        programme_members programme_events;
    programme_posts: programme_cohorts programme_runs programme_counts programme_decisions;
    programme_cohorts: programme_runs programme_counts programme_decisions programme_members programme_events;
    programme_runs: programme_counts programme_decisions programme_members programme_events;
    programme_counts: programme_members programme_events;
    programme_decisions: programme_members;
    programme_members: programme_events;
    reports: report_files;
}

diesel::joinable!(audit_seals -> audit_events (event_id));
diesel::joinable!(memberships -> people (person_id));
diesel::joinable!(memberships -> units (unit_id));
diesel::joinable!(unit_change_units -> unit_changes (change_id));
diesel::joinable!(membership_transfers -> unit_changes (change_id));
diesel::joinable!(role_grants -> people (person_id));
diesel::joinable!(role_grants -> units (unit_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(one_time_links -> people (person_id));
diesel::joinable!(api_tokens -> role_grants (grant_id));
diesel::joinable!(api_tokens -> units (unit_id));
diesel::joinable!(notices -> people (person_id));
diesel::joinable!(people_imports -> units (unit_id));
diesel::joinable!(people_import_rows -> people_imports (import_id));
diesel::joinable!(people_import_rows -> people (person_id));
diesel::joinable!(course_versions -> courses (course_id));
diesel::joinable!(course_modules -> course_versions (version_id));
diesel::joinable!(lessons -> course_versions (version_id));
diesel::joinable!(lessons -> course_modules (module_id));
diesel::joinable!(course_assets -> course_versions (version_id));
diesel::joinable!(course_terms -> course_versions (version_id));
diesel::joinable!(course_handouts -> course_versions (version_id));
diesel::joinable!(items -> course_versions (version_id));
diesel::joinable!(assessments -> course_versions (version_id));
diesel::joinable!(class_runs -> courses (course_id));
diesel::joinable!(class_runs -> course_versions (version_id));
diesel::joinable!(class_runs -> units (unit_id));
diesel::joinable!(class_files -> class_runs (run_id));
diesel::joinable!(class_files -> files (file_id));
diesel::joinable!(enrolments -> class_runs (run_id));
diesel::joinable!(enrolments -> people (person_id));
diesel::joinable!(enrolments -> units (unit_id));
diesel::joinable!(lesson_progress -> enrolments (enrolment_id));
diesel::joinable!(check_answers -> enrolments (enrolment_id));
diesel::joinable!(completion_events -> enrolments (enrolment_id));
diesel::joinable!(completion_events -> people (person_id));
diesel::joinable!(completion_events -> courses (course_id));
diesel::joinable!(completion_events -> course_versions (version_id));
diesel::joinable!(completion_events -> class_runs (run_id));
diesel::joinable!(lesson_beats -> enrolments (enrolment_id));
diesel::joinable!(progress_receipts -> enrolments (enrolment_id));
diesel::joinable!(waiting_list -> class_runs (run_id));
diesel::joinable!(waiting_list -> people (person_id));
diesel::joinable!(waiting_list -> units (unit_id));
diesel::joinable!(class_sessions -> class_runs (run_id));
diesel::joinable!(class_session_events -> class_sessions (session_id));
diesel::joinable!(class_sites -> class_sessions (session_id));
diesel::joinable!(attendance_lists -> class_sites (site_id));
diesel::joinable!(attendance_lists -> files (file_id));
diesel::joinable!(attendance_marks -> enrolments (enrolment_id));
diesel::joinable!(attendance_events -> class_sessions (session_id));
diesel::joinable!(attendance_events -> enrolments (enrolment_id));
diesel::joinable!(attempts -> enrolments (enrolment_id));
diesel::joinable!(attempts -> course_versions (version_id));
diesel::joinable!(attempt_answers -> attempts (attempt_id));
diesel::joinable!(certificate_registers -> units (issuer_id));
diesel::joinable!(certificates -> completion_events (completion_id));
diesel::joinable!(certificates -> people (person_id));
diesel::joinable!(certificates -> certificate_registers (register_id));
diesel::joinable!(certificates -> files (file_id));
diesel::joinable!(certificate_events -> certificates (certificate_id));
diesel::joinable!(target_courses -> targets (target_id));
diesel::joinable!(target_courses -> courses (course_id));
diesel::joinable!(counted_turns -> targets (target_id));
diesel::joinable!(counted_turns -> completion_events (completion_id));
diesel::joinable!(counted_turns -> people (person_id));
diesel::joinable!(counted_turns -> units (unit_id));
diesel::joinable!(counted_people -> targets (target_id));
diesel::joinable!(counted_people -> people (person_id));
diesel::joinable!(counted_people -> completion_events (completion_id));
diesel::joinable!(counted_people -> units (unit_id));
diesel::joinable!(target_counts -> targets (target_id));
diesel::joinable!(target_counts -> units (unit_id));
diesel::joinable!(target_kinds -> targets (target_id));
diesel::joinable!(outside_classes -> courses (course_id));
diesel::joinable!(outside_people -> outside_classes (class_id));
diesel::joinable!(outside_people -> people (person_id));
diesel::joinable!(outside_decisions -> outside_classes (class_id));
diesel::joinable!(outside_files -> outside_classes (class_id));
diesel::joinable!(outside_files -> files (file_id));
diesel::joinable!(outside_completions -> completion_events (completion_id));
diesel::joinable!(outside_completions -> outside_classes (class_id));
diesel::joinable!(seals -> targets (target_id));
diesel::joinable!(seal_people -> seals (seal_id));
diesel::joinable!(target_events -> targets (target_id));
diesel::joinable!(quota_rounds -> targets (target_id));
diesel::joinable!(quota_rounds -> class_runs (run_id));
diesel::joinable!(quotas -> quota_rounds (round_id));
diesel::joinable!(quotas -> units (unit_id));
diesel::joinable!(quota_events -> quotas (quota_id));
diesel::joinable!(quota_events -> quota_rounds (round_id));
diesel::joinable!(nomination_letters -> files (file_id));
diesel::joinable!(nominations -> quotas (quota_id));
diesel::joinable!(nominations -> people (person_id));
diesel::joinable!(nomination_events -> nominations (nomination_id));
diesel::joinable!(reminders -> reminder_batches (batch_id));
diesel::joinable!(reminders -> people (person_id));
diesel::joinable!(programme_courses -> programme_groups (group_id));
diesel::joinable!(programme_courses -> courses (course_id));
diesel::joinable!(programme_cohorts -> programmes (programme_id));
diesel::joinable!(programme_runs -> programme_cohorts (cohort_id));
diesel::joinable!(programme_runs -> class_runs (run_id));
diesel::joinable!(programme_members -> programme_cohorts (cohort_id));
diesel::joinable!(programme_members -> people (person_id));
diesel::joinable!(programme_decisions -> files (file_id));
diesel::joinable!(programme_events -> programme_members (member_id));
diesel::joinable!(reports -> people (owner_id));
diesel::joinable!(reports -> units (unit_id));
diesel::joinable!(reports -> seals (seal_id));
diesel::joinable!(report_files -> reports (report_id));
diesel::joinable!(report_files -> files (file_id));

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        state -> Text,
        attempts -> Integer,
        run_at -> UtcTs,
        locked_until -> Nullable<UtcTs>,
        last_error -> Nullable<Text>,
        unique_key -> Nullable<Text>,
        created_at -> UtcTs,
        finished_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    files (id) {
        id -> BigInt,
        key -> Text,
        kind -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        name -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    audit_events (id) {
        id -> BigInt,
        at -> UtcTs,
        actor_id -> Nullable<BigInt>,
        action -> Text,
        object_kind -> Text,
        object_id -> Text,
        unit_id -> Nullable<BigInt>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        before_state -> Nullable<Text>,
        after_state -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    audit_seals (position) {
        position -> BigInt,
        event_id -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    units (id) {
        id -> BigInt,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
        kind -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        folded -> Text,
        sort_key -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    unit_placements (id) {
        id -> BigInt,
        unit_id -> BigInt,
        parent_id -> BigInt,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    unit_successions (id) {
        id -> BigInt,
        unit_id -> BigInt,
        successor_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    unit_changes (id) {
        id -> BigInt,
        code -> Text,
        kind -> Text,
        state -> Text,
        effective_on -> Date,
        legal_number -> Text,
        legal_date -> Date,
        legal_issuer -> Text,
        request -> Text,
        basis -> Text,
        roles -> Text,
        journal -> Text,
        total -> BigInt,
        noted -> BigInt,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
        confirmed_at -> Nullable<UtcTs>,
        confirmed_by -> Nullable<BigInt>,
        returned_at -> Nullable<UtcTs>,
        done_at -> Nullable<UtcTs>,
        undo_until -> Nullable<UtcTs>,
        undone_at -> Nullable<UtcTs>,
        undone_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    unit_change_units (change_id, unit_code, part) {
        change_id -> BigInt,
        unit_code -> Text,
        part -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    people (id) {
        id -> BigInt,
        code -> Text,
        family_names -> Text,
        given_name -> Text,
        sort_key -> Text,
        folded -> Text,
        birth_year -> Nullable<Integer>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        user_name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        locale -> Text,
        state -> Text,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
        birth_date -> Nullable<Date>,
        staff_code -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    memberships (id) {
        id -> BigInt,
        person_id -> BigInt,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        recorded_at -> UtcTs,
        recorded_by -> Nullable<BigInt>,
        change_id -> Nullable<BigInt>,
        continues_id -> Nullable<BigInt>,
        decision -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    membership_transfers (change_id, membership_id) {
        change_id -> BigInt,
        membership_id -> BigInt,
        unit_id -> BigInt,
        was_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    role_grants (id) {
        id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        unit_id -> Nullable<BigInt>,
        granted_at -> UtcTs,
        granted_by -> Nullable<BigInt>,
        ended_at -> Nullable<UtcTs>,
        ended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        created_at -> UtcTs,
        last_seen_at -> UtcTs,
        expires_at -> UtcTs,
        ended_at -> Nullable<UtcTs>,
        address -> Text,
        agent -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    sign_in_failures (id) {
        id -> BigInt,
        account_key -> Text,
        address_key -> Text,
        at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    one_time_links (id) {
        id -> BigInt,
        token_hash -> Text,
        purpose -> Text,
        person_id -> BigInt,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
        expires_at -> UtcTs,
        used_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    api_tokens (id) {
        id -> BigInt,
        token_hash -> Text,
        hint -> Text,
        name -> Text,
        grant_id -> BigInt,
        unit_id -> Nullable<BigInt>,
        resources -> Text,
        created_at -> UtcTs,
        created_by -> BigInt,
        expires_at -> UtcTs,
        last_used_on -> Nullable<Date>,
        revoked_at -> Nullable<UtcTs>,
        revoked_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    notices (id) {
        id -> BigInt,
        person_id -> BigInt,
        message_key -> Text,
        args -> Text,
        href -> Nullable<Text>,
        created_at -> UtcTs,
        read_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    people_imports (id) {
        id -> BigInt,
        code -> Text,
        owner_id -> BigInt,
        unit_id -> BigInt,
        purpose -> Text,
        subject -> Text,
        source -> Text,
        file_name -> Text,
        content_hash -> Text,
        state -> Text,
        headings -> Text,
        mapping -> Text,
        total -> BigInt,
        done -> BigInt,
        invites -> Bool,
        created_at -> UtcTs,
        checked_at -> Nullable<UtcTs>,
        confirmed_by -> Nullable<BigInt>,
        confirmed_at -> Nullable<UtcTs>,
        applied_at -> Nullable<UtcTs>,
        undone_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    people_import_rows (import_id, number) {
        import_id -> BigInt,
        number -> BigInt,
        cells -> Text,
        outcome -> Text,
        reasons -> Text,
        person_id -> Nullable<BigInt>,
        choice -> Nullable<Text>,
        result -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    courses (id) {
        id -> BigInt,
        code -> Text,
        slug -> Text,
        current_version_id -> Nullable<BigInt>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    course_versions (id) {
        id -> BigInt,
        course_id -> BigInt,
        number -> Integer,
        hash -> Text,
        title_vi -> Text,
        title_en -> Text,
        summary_vi -> Text,
        summary_en -> Text,
        minutes -> Integer,
        course -> Text,
        package -> Text,
        folded -> Text,
        change_note -> Text,
        imported_at -> UtcTs,
        imported_by -> Nullable<BigInt>,
        rendering -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    course_modules (id) {
        id -> BigInt,
        version_id -> BigInt,
        position -> Integer,
        key -> Text,
        slug -> Text,
        title -> Text,
        aim -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    lessons (id) {
        id -> BigInt,
        version_id -> BigInt,
        module_id -> BigInt,
        position -> Integer,
        key -> Text,
        slug -> Text,
        title -> Text,
        html -> Text,
        words -> Integer,
        minutes -> Integer,
        is_open -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    course_assets (id) {
        id -> BigInt,
        version_id -> BigInt,
        path -> Text,
        media_type -> Text,
        is_open -> Bool,
        bytes -> Binary,
        address -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    course_terms (id) {
        id -> BigInt,
        version_id -> BigInt,
        position -> Integer,
        lesson_key -> Text,
        term -> Text,
        anchor -> Text,
        explanation -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    course_handouts (version_id) {
        version_id -> BigInt,
        html -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    items (id) {
        id -> BigInt,
        version_id -> BigInt,
        key -> Text,
        topic -> Text,
        difficulty -> Integer,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    assessments (id) {
        id -> BigInt,
        version_id -> BigInt,
        key -> Text,
        kind -> Text,
        title -> Text,
        minutes -> Integer,
        max_attempts -> Integer,
        pass_percent -> Integer,
        blueprint -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_runs (id) {
        id -> BigInt,
        code -> Text,
        course_id -> BigInt,
        version_id -> BigInt,
        unit_id -> BigInt,
        title -> Text,
        opens_at -> UtcTs,
        closes_at -> UtcTs,
        capacity -> Nullable<BigInt>,
        taken -> BigInt,
        enrolment -> Text,
        access_code -> Nullable<Text>,
        decision -> Nullable<Text>,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
        sessions_needed -> Nullable<BigInt>,
        sessions -> BigInt,
        sessions_cut_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_files (id) {
        id -> BigInt,
        run_id -> BigInt,
        file_id -> BigInt,
        title -> Text,
        added_at -> UtcTs,
        added_by -> BigInt,
        removed_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    enrolments (id) {
        id -> BigInt,
        run_id -> BigInt,
        person_id -> BigInt,
        state -> Text,
        enrolled_at -> UtcTs,
        enrolled_by -> Nullable<BigInt>,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
        frozen_at -> Nullable<UtcTs>,
        completed_at -> Nullable<UtcTs>,
        counted_to -> Nullable<UtcTs>,
        attended -> BigInt,
        attended_at -> Nullable<UtcTs>,
        short_since -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    lesson_progress (enrolment_id, lesson_key) {
        enrolment_id -> BigInt,
        lesson_key -> Text,
        opened_at -> UtcTs,
        completed_at -> Nullable<UtcTs>,
        dwell_seconds -> BigInt,
        beats -> BigInt,
        answers -> BigInt,
        fast_answers -> BigInt,
        answered_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    check_answers (enrolment_id, item_key) {
        enrolment_id -> BigInt,
        item_key -> Text,
        answer -> Text,
        is_correct -> Bool,
        answered_at -> UtcTs,
        first_answer -> Nullable<Text>,
        tallied_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    completion_events (id) {
        id -> BigInt,
        kind -> Text,
        completion_id -> Nullable<BigInt>,
        enrolment_id -> Nullable<BigInt>,
        person_id -> BigInt,
        course_id -> BigInt,
        version_id -> Nullable<BigInt>,
        run_id -> Nullable<BigInt>,
        organiser_id -> BigInt,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
        is_flagged -> Bool,
        occurred_at -> UtcTs,
        recorded_at -> UtcTs,
        actor_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        doubt -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    lesson_beats (enrolment_id, beaten_at) {
        enrolment_id -> BigInt,
        beaten_at -> UtcTs,
        lesson_key -> Text,
        seconds -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    progress_receipts (enrolment_id, client_id) {
        enrolment_id -> BigInt,
        client_id -> Text,
        received_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    waiting_list (id) {
        id -> BigInt,
        run_id -> BigInt,
        person_id -> BigInt,
        unit_id -> BigInt,
        joined_at -> UtcTs,
        joined_by -> Nullable<BigInt>,
        left_at -> Nullable<UtcTs>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_sessions (id) {
        id -> BigInt,
        run_id -> BigInt,
        number -> Integer,
        title -> Text,
        kind -> Text,
        starts_at -> UtcTs,
        ends_at -> UtcTs,
        state -> Text,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_session_events (id) {
        id -> BigInt,
        session_id -> BigInt,
        kind -> Text,
        reason -> Text,
        details -> Text,
        by_id -> Nullable<BigInt>,
        recorded_at -> UtcTs,
        told_to -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_sites (id) {
        id -> BigInt,
        session_id -> BigInt,
        number -> Integer,
        name -> Text,
        unit_id -> BigInt,
        place -> Text,
        link -> Text,
        keeper_id -> BigInt,
        removed_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    class_seats (session_id, enrolment_id) {
        session_id -> BigInt,
        enrolment_id -> BigInt,
        site_id -> BigInt,
        chosen_at -> UtcTs,
        chosen_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attendance_lists (id) {
        id -> BigInt,
        site_id -> BigInt,
        state -> Text,
        correction -> Text,
        is_imported -> Bool,
        file_id -> Nullable<BigInt>,
        entered_at -> UtcTs,
        entered_by -> BigInt,
        submitted_at -> Nullable<UtcTs>,
        submitted_by -> Nullable<BigInt>,
        returned -> Text,
        confirmed_at -> Nullable<UtcTs>,
        confirmed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attendance_marks (list_id, enrolment_id) {
        list_id -> BigInt,
        enrolment_id -> BigInt,
        mark -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attendance_hands (list_id, person_id) {
        list_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attendance_events (id) {
        id -> BigInt,
        session_id -> BigInt,
        enrolment_id -> BigInt,
        list_id -> BigInt,
        mark -> Text,
        occurred_at -> UtcTs,
        recorded_at -> UtcTs,
        confirmed_by -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attempts (id) {
        id -> BigInt,
        code -> Text,
        enrolment_id -> BigInt,
        version_id -> BigInt,
        assessment_key -> Text,
        number -> Integer,
        paper -> Text,
        started_at -> UtcTs,
        deadline_at -> UtcTs,
        submitted_at -> Nullable<UtcTs>,
        submitted_by -> Nullable<Text>,
        points_permille -> Nullable<Integer>,
        is_passed -> Nullable<Bool>,
        tallied_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    attempt_answers (attempt_id, position) {
        attempt_id -> BigInt,
        position -> Integer,
        answer -> Text,
        sequence -> BigInt,
        saved_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    item_tallies (run_id, test_key, item_key) {
        run_id -> BigInt,
        test_key -> Text,
        item_key -> Text,
        people -> BigInt,
        correct -> BigInt,
        details -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    certificate_registers (id) {
        id -> BigInt,
        issuer_id -> BigInt,
        year -> Integer,
        paper_kind -> Text,
        symbol -> Text,
        last_number -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    certificates (id) {
        id -> BigInt,
        code -> Text,
        completion_id -> BigInt,
        person_id -> BigInt,
        register_id -> BigInt,
        number -> BigInt,
        register_number -> Text,
        paper -> Text,
        state -> Text,
        issued_at -> UtcTs,
        replaces_id -> Nullable<BigInt>,
        file_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    certificate_events (id) {
        id -> BigInt,
        certificate_id -> BigInt,
        kind -> Text,
        at -> UtcTs,
        actor_id -> Nullable<BigInt>,
        decision_number -> Nullable<Text>,
        decision_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        details -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    targets (id) {
        id -> BigInt,
        code -> Text,
        title_vi -> Text,
        title_en -> Text,
        metric -> Text,
        required -> BigInt,
        period_from -> Date,
        period_to -> Date,
        state -> Text,
        basis_vi -> Text,
        basis_en -> Text,
        is_illustration -> Bool,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
        doc_number -> Text,
        doc_date -> Nullable<Date>,
        doc_issuer -> Text,
        doc_clause -> Text,
        doc_link -> Text,
        rules_vi -> Text,
        rules_en -> Text,
        required_leaders -> Nullable<BigInt>,
        required_technology -> Nullable<BigInt>,
        required_other -> Nullable<BigInt>,
        successor_id -> Nullable<BigInt>,
        counting_round -> BigInt,
        counting_until -> BigInt,
        counted_to -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    target_courses (target_id, course_id) {
        target_id -> BigInt,
        course_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    counted_turns (target_id, completion_id) {
        target_id -> BigInt,
        completion_id -> BigInt,
        person_id -> BigInt,
        unit_id -> BigInt,
        category -> Text,
        day -> Date,
        occurred_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    counted_people (target_id, person_id) {
        target_id -> BigInt,
        person_id -> BigInt,
        completion_id -> BigInt,
        unit_id -> BigInt,
        category -> Text,
        day -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    target_counts (target_id, unit_id, category, day) {
        target_id -> BigInt,
        unit_id -> BigInt,
        category -> Text,
        day -> Date,
        turns -> BigInt,
        people -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    target_kinds (target_id, kind) {
        target_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    outside_classes (id) {
        id -> BigInt,
        course_id -> BigInt,
        organiser_id -> BigInt,
        first_day -> Date,
        last_day -> Date,
        decision -> Text,
        entered_at -> UtcTs,
        entered_by -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    outside_people (class_id, person_id) {
        class_id -> BigInt,
        person_id -> BigInt,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    outside_decisions (class_id) {
        class_id -> BigInt,
        kind -> Text,
        decided_at -> UtcTs,
        decided_by -> BigInt,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    outside_completions (completion_id) {
        completion_id -> BigInt,
        class_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    outside_files (class_id) {
        class_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    seals (id) {
        id -> BigInt,
        target_id -> BigInt,
        period_from -> Date,
        period_to -> Date,
        known_at -> UtcTs,
        state -> Text,
        people -> BigInt,
        turns -> BigInt,
        body -> Text,
        prepared_at -> UtcTs,
        prepared_by -> BigInt,
        decided_at -> Nullable<UtcTs>,
        decided_by -> Nullable<BigInt>,
        number -> Nullable<BigInt>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    seal_people (seal_id, commitment) {
        seal_id -> BigInt,
        commitment -> Text,
        salt -> Text,
        person_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    target_events (id) {
        id -> BigInt,
        target_id -> BigInt,
        kind -> Text,
        number -> Text,
        signed_on -> Nullable<Date>,
        clause -> Text,
        reason -> Text,
        changes -> Text,
        recorded_at -> UtcTs,
        by_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    quota_rounds (id) {
        id -> BigInt,
        code -> Text,
        title_vi -> Text,
        title_en -> Text,
        target_id -> Nullable<BigInt>,
        run_id -> Nullable<BigInt>,
        total -> BigInt,
        passed_on -> BigInt,
        deadline -> Nullable<Date>,
        letter_number -> Text,
        letter_date -> Nullable<Date>,
        state -> Text,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    quotas (id) {
        id -> BigInt,
        round_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        unit_id -> BigInt,
        amount -> BigInt,
        passed_on -> BigInt,
        taken -> BigInt,
        answer -> Text,
        asked_amount -> Nullable<BigInt>,
        answer_reason -> Text,
        deadline -> Nullable<Date>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    quota_events (id) {
        id -> BigInt,
        quota_id -> Nullable<BigInt>,
        round_id -> BigInt,
        kind -> Text,
        delta -> BigInt,
        reason -> Text,
        letter_number -> Text,
        letter_date -> Nullable<Date>,
        person_id -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        occurred_at -> UtcTs,
        recorded_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    nomination_rounds (round_id) {
        round_id -> BigInt,
        approval_steps -> Integer,
        categories -> Text,
        positions -> Text,
        set_at -> UtcTs,
        set_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    nomination_letters (id) {
        id -> BigInt,
        quota_id -> BigInt,
        number -> Text,
        dated -> Date,
        file_id -> BigInt,
        added_at -> UtcTs,
        added_by -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    nominations (id) {
        id -> BigInt,
        code -> Text,
        quota_id -> BigInt,
        round_id -> BigInt,
        person_id -> BigInt,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
        state -> Text,
        changed_at -> UtcTs,
        waits_from -> Nullable<BigInt>,
        letter_id -> Nullable<BigInt>,
        submitted_by -> Nullable<BigInt>,
        enrolment_id -> Nullable<BigInt>,
        replaces_id -> Nullable<BigInt>,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    nomination_events (id) {
        id -> BigInt,
        nomination_id -> BigInt,
        kind -> Text,
        reason -> Text,
        letter_id -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        occurred_at -> UtcTs,
        recorded_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    reminder_batches (id) {
        id -> BigInt,
        code -> Text,
        kind -> Text,
        target_id -> Nullable<BigInt>,
        by_id -> BigInt,
        created_at -> UtcTs,
        total -> BigInt,
        sent -> BigInt,
        skipped -> BigInt,
        unreached -> BigInt,
        finished_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    reminders (person_id, day) {
        person_id -> BigInt,
        day -> Date,
        batch_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    programmes (id) {
        id -> BigInt,
        code -> Text,
        title_vi -> Text,
        title_en -> Text,
        document_number -> Text,
        document_date -> Nullable<Date>,
        document_issuer -> Text,
        document_subject -> Text,
        cap -> BigInt,
        period_from -> Date,
        period_to -> Nullable<Date>,
        validity_months -> Nullable<Integer>,
        notice_days -> Integer,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    programme_groups (id) {
        id -> BigInt,
        programme_id -> BigInt,
        title_vi -> Text,
        title_en -> Text,
        needed -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    programme_courses (id) {
        id -> BigInt,
        group_id -> BigInt,
        course_id -> BigInt,
        delivery -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    programme_posts (id) {
        id -> BigInt,
        programme_id -> BigInt,
        title_vi -> Text,
        title_en -> Text,
        kinds -> Text,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    programme_cohorts (id) {
        id -> BigInt,
        programme_id -> BigInt,
        code -> Text,
        title_vi -> Text,
        title_en -> Text,
        round_id -> Nullable<BigInt>,
        counts_from -> Date,
        cap -> BigInt,
        held -> BigInt,
        created_at -> UtcTs,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    programme_runs (cohort_id, run_id) {
        cohort_id -> BigInt,
        run_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    programme_counts (cohort_id, stage) {
        cohort_id -> BigInt,
        stage -> Text,
        people -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    programme_decisions (id) {
        id -> BigInt,
        programme_id -> BigInt,
        number -> Text,
        dated -> Date,
        signer -> Text,
        effective_from -> Date,
        file_id -> Nullable<BigInt>,
        made_at -> UtcTs,
        made_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    programme_members (id) {
        id -> BigInt,
        code -> Text,
        cohort_id -> BigInt,
        programme_id -> BigInt,
        person_id -> BigInt,
        nomination_id -> Nullable<BigInt>,
        unit_id -> BigInt,
        position -> Text,
        category -> Text,
        stage -> Text,
        changed_at -> UtcTs,
        decision_id -> Nullable<BigInt>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        warned_for -> Nullable<Date>,
        needs_review -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    programme_events (id) {
        id -> BigInt,
        member_id -> BigInt,
        kind -> Text,
        decision_id -> Nullable<BigInt>,
        reason -> Text,
        by_id -> Nullable<BigInt>,
        occurred_at -> UtcTs,
        recorded_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::UtcTs;

    reports (id) {
        id -> BigInt,
        code -> Text,
        title -> Text,
        owner_id -> BigInt,
        unit_id -> Nullable<BigInt>,
        is_national -> Bool,
        kind -> Text,
        period_from -> Date,
        period_to -> Date,
        known_at -> UtcTs,
        seal_id -> Nullable<BigInt>,
        has_names -> Bool,
        request -> Text,
        state -> Text,
        done -> BigInt,
        total -> BigInt,
        fault -> Nullable<Text>,
        fault_detail -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> UtcTs,
        finished_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    report_files (report_id, kind) {
        report_id -> BigInt,
        kind -> Text,
        file_id -> BigInt,
    }
}
