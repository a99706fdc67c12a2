CREATE SEQUENCE numbers;

CREATE TABLE digest_lines (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    digest TEXT NOT NULL,
    task TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_digest_lines PRIMARY KEY (case_id, person, digest, task)
);

CREATE INDEX ix_digest_lines_person_digest ON digest_lines (person, digest);

CREATE TABLE alerts (
    process TEXT NOT NULL,
    alert TEXT NOT NULL,
    subject TEXT NOT NULL,
    phase TEXT NOT NULL,
    since BIGINT NOT NULL,
    clear_since BIGINT,
    checked_at BIGINT NOT NULL,
    checks TEXT NOT NULL,
    flapping BOOLEAN NOT NULL,
    value BIGINT NOT NULL,
    n INTEGER NOT NULL,
    fired_at BIGINT,
    told TEXT NOT NULL,
    managers TEXT NOT NULL,
    CONSTRAINT pk_alerts PRIMARY KEY (process, alert, subject)
);

CREATE TABLE directory_entries (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    external TEXT NOT NULL,
    person TEXT,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT pk_directory_entries PRIMARY KEY (source, id)
);

CREATE INDEX ix_directory_entries_source_kind_name ON directory_entries (source, kind, name);

CREATE INDEX ix_directory_entries_person ON directory_entries (person);

CREATE INDEX ix_directory_entries_source_kind_external ON directory_entries (source, kind, external);

CREATE TABLE imports (
    id INTEGER NOT NULL,
    process TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    mapping TEXT NOT NULL,
    by TEXT,
    at BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    cases BIGINT NOT NULL,
    finished BOOLEAN NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (id)
);

CREATE INDEX ix_imports_process ON imports (process);

CREATE TABLE imported_cases (
    process TEXT NOT NULL,
    number TEXT NOT NULL,
    import_id INTEGER NOT NULL,
    filed BIGINT NOT NULL,
    department TEXT NOT NULL,
    grade TEXT NOT NULL,
    filer TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_imported_cases PRIMARY KEY (process, number, import_id)
);

CREATE INDEX ix_imported_cases_import_id ON imported_cases (import_id);

CREATE TABLE login_links (
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT pk_login_links PRIMARY KEY (digest)
);

CREATE INDEX ix_login_links_person ON login_links (person);

CREATE TABLE login_sessions (
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    CONSTRAINT pk_login_sessions PRIMARY KEY (digest)
);

CREATE INDEX ix_login_sessions_person ON login_sessions (person);

CREATE TABLE reviews (
    process TEXT NOT NULL,
    period TEXT NOT NULL,
    definition TEXT NOT NULL,
    posted_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_reviews PRIMARY KEY (process, period)
);

CREATE TABLE review_decisions (
    process TEXT NOT NULL,
    period TEXT NOT NULL,
    proposal INTEGER NOT NULL,
    decision TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    case_id TEXT,
    CONSTRAINT pk_review_decisions PRIMARY KEY (process, period, proposal)
);

CREATE INDEX ix_review_decisions_person ON review_decisions (person);

CREATE TABLE employee_surveys (
    process TEXT NOT NULL,
    slot TEXT NOT NULL,
    definition TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    remind_at BIGINT,
    closes_at BIGINT NOT NULL,
    closed_at BIGINT,
    asked INTEGER NOT NULL,
    sealed TEXT,
    published TEXT,
    CONSTRAINT pk_employee_surveys PRIMARY KEY (process, slot)
);

CREATE TABLE employee_survey_people (
    process TEXT NOT NULL,
    slot TEXT NOT NULL,
    person TEXT NOT NULL,
    answered BOOLEAN NOT NULL,
    CONSTRAINT pk_employee_survey_people PRIMARY KEY (process, slot, person)
);

CREATE INDEX ix_employee_survey_people_person ON employee_survey_people (person);

CREATE TABLE trainings (
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    node TEXT NOT NULL,
    shown_at BIGINT NOT NULL,
    read_at BIGINT,
    CONSTRAINT pk_trainings PRIMARY KEY (process, version, person)
);

CREATE INDEX ix_trainings_person ON trainings (person);

CREATE TABLE searched_contents (
    case_id TEXT NOT NULL,
    content TEXT NOT NULL,
    number BIGINT,
    CONSTRAINT pk_searched_contents PRIMARY KEY (case_id, content)
);

CREATE INDEX ix_searched_contents_number ON searched_contents (number);

CREATE TABLE word_segments (
    segment BIGINT NOT NULL,
    cases BYTEA NOT NULL,
    CONSTRAINT pk_word_segments PRIMARY KEY (segment)
);

CREATE TABLE word_pairs (
    first TEXT NOT NULL,
    segment BIGINT NOT NULL,
    contents BYTEA NOT NULL,
    CONSTRAINT pk_word_pairs PRIMARY KEY (first, segment)
);

CREATE TABLE participants (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_participants PRIMARY KEY (case_id, person)
);

CREATE INDEX ix_participants_person_created_at_case_id ON participants (person, created_at, case_id);

CREATE TABLE followers (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    copied BOOLEAN NOT NULL,
    watches BOOLEAN NOT NULL,
    CONSTRAINT pk_followers PRIMARY KEY (case_id, person)
);

CREATE INDEX ix_followers_person_created_at_case_id ON followers (person, created_at, case_id);

CREATE TABLE task_people (
    case_id TEXT NOT NULL,
    task TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    given BOOLEAN NOT NULL,
    did BOOLEAN NOT NULL,
    CONSTRAINT pk_task_people PRIMARY KEY (case_id, task, person)
);

CREATE INDEX ix_task_people_person_did_case_id ON task_people (person, did, case_id);

CREATE INDEX ix_task_people_person_given ON task_people (person, given);

CREATE INDEX ix_task_people_person_active_role ON task_people (person, active, role);

CREATE TABLE mails (
    case_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    seq BIGINT NOT NULL,
    person TEXT,
    what TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    CONSTRAINT pk_mails PRIMARY KEY (case_id, thread, seq)
);

CREATE INDEX ix_mails_person ON mails (person);

CREATE INDEX ix_mails_next_at ON mails (next_at);

CREATE TABLE directory_events (
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_directory_events PRIMARY KEY (seq)
);

CREATE TABLE chain_heads (
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    head TEXT NOT NULL,
    CONSTRAINT pk_chain_heads PRIMARY KEY (name)
);

CREATE TABLE directory_rows (
    name TEXT NOT NULL,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL,
    CONSTRAINT pk_directory_rows PRIMARY KEY (name)
);

CREATE TABLE releases (
    process TEXT NOT NULL,
    number INTEGER NOT NULL,
    department TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    opening TEXT NOT NULL,
    batch INTEGER NOT NULL,
    opened_at BIGINT NOT NULL,
    until BIGINT,
    ended_at BIGINT,
    ended_why TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    second TEXT NOT NULL,
    helper TEXT,
    CONSTRAINT pk_releases PRIMARY KEY (process, number)
);

CREATE UNIQUE INDEX ix_releases_process_department ON releases (process, department) WHERE ended_at IS NULL;

CREATE INDEX ix_releases_process_opening ON releases (process, opening);

CREATE TABLE table_values (
    process TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    option TEXT NOT NULL,
    value TEXT NOT NULL,
    holds_from TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL,
    CONSTRAINT pk_table_values PRIMARY KEY (process, name, version)
);

CREATE TABLE unique_values (
    process TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    case_id TEXT NOT NULL,
    CONSTRAINT pk_unique_values PRIMARY KEY (process, field, value)
);

CREATE INDEX ix_unique_values_case_id ON unique_values (case_id);

CREATE TABLE points (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    process TEXT NOT NULL,
    definition TEXT NOT NULL,
    node TEXT NOT NULL,
    person TEXT NOT NULL,
    points INTEGER NOT NULL,
    day BIGINT NOT NULL,
    waived BOOLEAN NOT NULL,
    CONSTRAINT pk_points PRIMARY KEY (case_id, seq)
);

CREATE INDEX ix_points_person_day ON points (person, day);

CREATE INDEX ix_points_process_day ON points (process, day);

CREATE TABLE latest_facts (
    case_id TEXT NOT NULL,
    name TEXT NOT NULL,
    process TEXT NOT NULL,
    option TEXT NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT pk_latest_facts PRIMARY KEY (case_id, name)
);

CREATE INDEX ix_latest_facts_process_name_option_case_id ON latest_facts (process, name, option, case_id);

CREATE TABLE events (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (case_id, seq)
);

CREATE TABLE cases (
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    head TEXT NOT NULL,
    process TEXT NOT NULL,
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    node TEXT NOT NULL,
    filer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    due_at BIGINT,
    state TEXT NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (id)
)
 WITH (fillfactor = 70);

CREATE INDEX ix_cases_status_id ON cases (status, id);

CREATE INDEX ix_cases_status_created_at_id ON cases (status, created_at, id);

CREATE INDEX ix_cases_status_due_at_id ON cases (status, due_at, id);

CREATE INDEX ix_cases_created_at_id ON cases (created_at, id);

CREATE INDEX ix_cases_process_created_at_id ON cases (process, created_at, id);

CREATE INDEX ix_cases_filer_created_at_id ON cases (filer, created_at, id);

CREATE TABLE tasks (
    case_id TEXT NOT NULL,
    id TEXT NOT NULL,
    process TEXT NOT NULL,
    definition TEXT NOT NULL,
    node TEXT NOT NULL,
    status TEXT NOT NULL,
    claimed BOOLEAN NOT NULL,
    owners TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_at BIGINT,
    CONSTRAINT pk_tasks PRIMARY KEY (case_id, id)
);

CREATE TABLE timers (
    case_id TEXT NOT NULL,
    clock TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY (case_id, clock)
)
 WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE INDEX ix_timers_next_at_case_id_clock ON timers (next_at, case_id, clock);

CREATE TABLE contents (
    case_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    salt TEXT NOT NULL,
    body TEXT,
    digest TEXT NOT NULL,
    words TEXT,
    CONSTRAINT pk_contents PRIMARY KEY (case_id, id)
);

CREATE INDEX ix_contents_author ON contents (author);

CREATE INDEX ix_contents_id ON contents (id);

CREATE TABLE case_numbers (
    prefix TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_case_numbers PRIMARY KEY (prefix, year)
);

CREATE TABLE definitions (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    CONSTRAINT pk_definitions PRIMARY KEY (key, version)
);

CREATE INDEX ix_definitions_hash ON definitions (hash);

CREATE TABLE people (
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    email TEXT NOT NULL,
    department TEXT NOT NULL,
    manager TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    timezone TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (key),
    CONSTRAINT uq_people_id UNIQUE (id)
);

CREATE TABLE link_tries (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    tries INTEGER NOT NULL,
    until BIGINT NOT NULL,
    CONSTRAINT pk_link_tries PRIMARY KEY (platform, account)
);

CREATE INDEX ix_link_tries_until ON link_tries (until);

CREATE TABLE departments (
    id TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    head TEXT NOT NULL,
    CONSTRAINT pk_departments PRIMARY KEY (id)
);

CREATE TABLE outbox (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    slot TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    lane INTEGER NOT NULL,
    task TEXT,
    args TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    refresh_only BOOLEAN NOT NULL,
    tried TEXT NOT NULL,
    error TEXT NOT NULL,
    claim INTEGER NOT NULL,
    lease_owner TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (case_id, person, slot)
)
 WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE INDEX ix_outbox_next_at ON outbox (next_at);

CREATE TABLE messages (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    slot TEXT NOT NULL,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL,
    task TEXT,
    args TEXT NOT NULL,
    ref TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sent_at BIGINT NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (case_id, person, slot, platform)
);

CREATE INDEX ix_messages_person ON messages (person);

CREATE INDEX ix_messages_platform_ref ON messages (platform, ref);

CREATE TABLE drafts (
    person TEXT NOT NULL,
    form TEXT NOT NULL,
    values TEXT NOT NULL,
    place TEXT NOT NULL,
    via TEXT NOT NULL,
    sent BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_drafts PRIMARY KEY (person, form)
);

CREATE INDEX ix_drafts_via_sent ON drafts (via, sent);

CREATE INDEX ix_drafts_at ON drafts (at);

CREATE TABLE inbox (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    answer TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT,
    owed_at BIGINT,
    CONSTRAINT pk_inbox PRIMARY KEY (source, key)
);

CREATE INDEX ix_inbox_owed_at ON inbox (owed_at);

CREATE INDEX ix_inbox_at ON inbox (at);

CREATE TABLE dead_letters (
    id TEXT NOT NULL,
    what TEXT NOT NULL,
    source TEXT NOT NULL,
    payload TEXT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    CONSTRAINT pk_dead_letters PRIMARY KEY (id)
);

CREATE TABLE webhooks (
    target TEXT NOT NULL,
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    CONSTRAINT pk_webhooks PRIMARY KEY (target, case_id, seq)
)
 WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE INDEX ix_webhooks_target_next_at ON webhooks (target, next_at);

CREATE TABLE chat_messages (
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    person TEXT NOT NULL,
    author TEXT NOT NULL,
    case_id TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    edited_at BIGINT,
    read BOOLEAN NOT NULL,
    CONSTRAINT pk_chat_messages PRIMARY KEY (id)
);

CREATE INDEX ix_chat_messages_person_number ON chat_messages (person, number);

CREATE TABLE files (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    owner TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_files PRIMARY KEY (id)
);

CREATE INDEX ix_files_case_id ON files (case_id);

CREATE INDEX ix_files_owner_at ON files (owner, at);

CREATE TABLE doomed_files (
    id TEXT NOT NULL,
    CONSTRAINT pk_doomed_files PRIMARY KEY (id)
);

CREATE TABLE settings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (name)
);

CREATE TABLE slots (
    job TEXT NOT NULL,
    slot TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_slots PRIMARY KEY (job, slot)
);

CREATE TABLE leases (
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name)
);

CREATE TABLE counters (
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY (name)
);

CREATE TABLE accounts (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    language TEXT,
    timezone TEXT,
    CONSTRAINT pk_accounts PRIMARY KEY (platform, account),
    CONSTRAINT uq_accounts_person_platform UNIQUE (person, platform),
    CONSTRAINT fk_accounts_person FOREIGN KEY(person) REFERENCES people (key) ON DELETE CASCADE
);

CREATE TABLE link_codes (
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    by_operator BOOLEAN NOT NULL,
    CONSTRAINT pk_link_codes PRIMARY KEY (digest),
    CONSTRAINT fk_link_codes_person FOREIGN KEY(person) REFERENCES people (key) ON DELETE CASCADE
);

CREATE INDEX ix_link_codes_person ON link_codes (person);

CREATE TABLE link_notices (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    former TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_link_notices PRIMARY KEY (id),
    CONSTRAINT fk_link_notices_person FOREIGN KEY(person) REFERENCES people (key) ON DELETE CASCADE
);

CREATE INDEX ix_link_notices_person ON link_notices (person);

CREATE INDEX ix_link_notices_at ON link_notices (at);

CREATE TABLE absences (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    deputy TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    process TEXT,
    CONSTRAINT pk_absences PRIMARY KEY (id),
    CONSTRAINT fk_absences_person FOREIGN KEY(person) REFERENCES people (key) ON DELETE CASCADE
);

CREATE INDEX ix_absences_ends_at ON absences (ends_at);

CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
