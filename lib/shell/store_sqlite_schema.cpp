// The database's identity and schema, and the migrations that lead to it.

#include "shell/store_sqlite_schema.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

#include "base/check.hpp"
#include "core/state.hpp"
#include "shell/codec.hpp"
#include "shell/store_errors.hpp"
#include "shell/store_files.hpp"

namespace tocsin::shell::sqlite {

namespace {

constexpr std::int64_t application_id = 0x746F6373;  // "tocs"

// One row an entity, the key from a counter: appended at the end, which costs a quarter of what a
// random key does. `open`: loaded at start. The partial indexes hold only what is asked for.
constexpr const char* schema_1 = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE signals(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE incidents(id INTEGER PRIMARY KEY, open INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX incidents_open ON incidents(id) WHERE open = 1;
CREATE TABLE deliveries(id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, open INTEGER NOT NULL,
                        body BLOB NOT NULL);
CREATE INDEX deliveries_open ON deliveries(id) WHERE open = 1;
CREATE INDEX deliveries_incident ON deliveries(incident);
CREATE TABLE rule_health(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE timeline(id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX timeline_incident ON timeline(incident);
CREATE TABLE verdicts(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, incident INTEGER NOT NULL,
                      body BLOB NOT NULL);
CREATE INDEX verdicts_incident ON verdicts(incident) WHERE incident > 0;
CREATE TABLE journal(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,
                     source TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE documents(digest TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
)sql";

constexpr const char* schema_2 = R"sql(
CREATE TABLE windows(id INTEGER PRIMARY KEY, open INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE rota(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
)sql";

constexpr std::array<const char*, 2> all_migrations{schema_1, schema_2};

Status insert_meta(Connection& connection, const char* name, std::string_view body) {
    Result<Statement> insert = connection.prepare("INSERT INTO meta(name, body) VALUES(?1, ?2)");
    if (!insert) return insert.error();
    return insert->bind_text(1, name).bind_blob(2, body).run();
}

Status found(Connection& connection, const std::string& install_id) {
    check(!install_id.empty());
    std::string counters;
    codec::encode(core::Counters{}, counters);
    Status status = insert_meta(connection, "install_id", install_id);
    if (status) status = insert_meta(connection, "counters", counters);
    if (!status) return status;
    return connection.execute("PRAGMA application_id=" + std::to_string(application_id));
}

Status apply(Connection& connection, long from, const std::string& install_id,
             std::span<const char* const> steps) {
    if (Status status = connection.execute("BEGIN IMMEDIATE"); !status) return status;
    for (std::size_t i = static_cast<std::size_t>(from); i < steps.size(); ++i) {
        if (Status status = connection.execute(steps[i]); !status) return status;
    }
    if (from == 0) {
        if (Status status = found(connection, install_id); !status) return status;
    }
    Status status = connection.execute("PRAGMA user_version=" + std::to_string(steps.size()));
    if (!status) return status;
    return connection.execute("COMMIT");
}

/// Under another name first: a copy that was cut off never looks like a whole one.
Status copy_before(Connection& connection, long from) {
    const std::string copy = connection.path() + ".v" + std::to_string(from);
    const std::string unfinished = copy + ".unfinished";
    ::unlink(unfinished.c_str());
    if (Status status = create_private_file(unfinished); !status) return status;
    Result<Statement> vacuum = connection.prepare("VACUUM INTO ?1");
    if (!vacuum) return vacuum.error();
    if (Status status = vacuum->bind_text(1, unfinished).run(); !status) return status;
    if (std::rename(unfinished.c_str(), copy.c_str()) != 0) {
        return store_errors::io(copy, "cannot be written before the upgrade");
    }
    return {};
}

}  // namespace

std::span<const char* const> migrations() {
    return all_migrations;
}

Result<long> identify(Connection& connection, long version_known) {
    const Result<std::int64_t> id = connection.number("PRAGMA application_id");
    if (!id) return id.error();
    const Result<std::int64_t> version = connection.number("PRAGMA user_version");
    if (!version) return version.error();
    const Result<std::int64_t> tables = connection.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*id == 0 && *version == 0 && *tables == 0) return 0L;
    if (*id != application_id) return store_errors::foreign(connection.path());
    if (*version > version_known) {
        return store_errors::newer(connection.path(), static_cast<long>(*version), version_known);
    }
    if (*version <= 0) return store_errors::corrupt(connection.path(), "its schema has no version");
    return static_cast<long>(*version);
}

Result<long> inspect(Connection& connection, long version_known) {
    const Result<long> version = identify(connection, version_known);
    if (!version || *version == 0) return version;
    const Result<std::string> sound = connection.text("PRAGMA quick_check(1)");
    if (!sound) return sound.error();
    if (*sound != "ok") return store_errors::corrupt(connection.path(), *sound);
    return version;
}

Status migrate(Connection& connection, long from, const std::string& install_id,
               std::span<const char* const> steps) {
    if (from == static_cast<long>(steps.size())) return {};
    if (from > 0) {
        if (Status status = copy_before(connection, from); !status) return status;
    }
    Status status = apply(connection, from, install_id, steps);
    if (!status) connection.roll_back();
    return status;
}

}  // namespace tocsin::shell::sqlite
