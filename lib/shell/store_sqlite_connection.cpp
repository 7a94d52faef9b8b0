// SQLite as values: the only file that includes its header.

#include "shell/store_sqlite_connection.hpp"

#include <sqlite3.h>

#include "base/check.hpp"
#include "shell/store_errors.hpp"

namespace tocsin::shell::sqlite {

namespace {

// The writer waits this long for another program that has the file open; readers never block it.
constexpr int busy_milliseconds = 500;

// Small caches: what the engine needs is in its memory already. No mmap: an I/O error must be an
// error and not a SIGBUS. Rows that are deleted are not overwritten with zeros (Debian's default
// does, at the price of more WAL). The writer alone checkpoints, when it is told to: two
// connections that checkpoint can corrupt the file before SQLite 3.51.3.
constexpr const char* writer_pragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=4194304; PRAGMA cache_size=-1024; PRAGMA mmap_size=0;"
    "PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";
constexpr const char* reader_pragmas =
    "PRAGMA query_only=ON; PRAGMA cache_size=-512; PRAGMA mmap_size=0;"
    "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";

int remember_wal_frames(void* frames, sqlite3*, const char*, int count) {
    *static_cast<int*>(frames) = count;
    return SQLITE_OK;
}

// SQLite reports a few full disks as I/O errors; the errno tells them apart.
bool is_full(int code, int error_number) {
    return code == SQLITE_FULL ||
           (code == SQLITE_IOERR && store_errors::from_errno("", error_number).code == "disk_full");
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}
void Connection::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

// ---- Connection

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access) {
    std::unique_ptr<Connection> connection(new Connection(path));
    const int flags = (access == Access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    connection->handle_.reset(handle);
    if (code != SQLITE_OK) return connection->error(code);
    sqlite3_busy_timeout(handle, busy_milliseconds);
    if (access == Access::read) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    return connection;
}

Status Connection::configure_reader() {
    return execute(reader_pragmas);
}

Status Connection::configure_writer() {
    if (Status status = execute(writer_pragmas); !status) return status;
    const Result<std::string> mode = text("PRAGMA journal_mode");
    if (!mode) return mode.error();
    if (*mode != "wal") {
        return store_errors::io(path_, "this file system cannot keep a write-ahead log");
    }
    // After wal_autocheckpoint, which would take the hook away again.
    sqlite3_wal_hook(handle_.get(), &remember_wal_frames, &wal_frames_);
    return {};
}

Status Connection::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code);
    return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    Statement statement;
    statement.handle_.reset(handle);
    statement.connection_ = this;
    if (code != SQLITE_OK) return error(code);
    return statement;
}

Result<std::string> Connection::text(std::string_view sql) {
    Result<Statement> statement = prepare(sql);
    if (!statement) return statement.error();
    const Result<bool> row = statement->next();
    if (!row) return row.error();
    return *row ? std::string(statement->bytes(0)) : std::string();
}

Result<std::int64_t> Connection::number(std::string_view sql) {
    Result<Statement> statement = prepare(sql);
    if (!statement) return statement.error();
    const Result<bool> row = statement->next();
    if (!row) return row.error();
    return *row ? statement->number(0) : 0;
}

void Connection::roll_back() {
    if (sqlite3_get_autocommit(handle_.get()) != 0) return;
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<Connection::Checkpointed> Connection::checkpoint(Checkpoint mode) {
    Checkpointed done;
    const int code = sqlite3_wal_checkpoint_v2(
        handle_.get(), nullptr,
        mode == Checkpoint::truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
        &done.frames, &done.written);
    if (code != SQLITE_OK) return error(code);
    return done;
}

Error Connection::error(int code) const {
    const int primary = code & 0xFF;
    const std::string detail = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    const int error_number = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
    if (is_full(primary, error_number)) return store_errors::disk_full(path_, detail);
    switch (primary) {
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return store_errors::read_only(path_, detail);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return store_errors::corrupt(path_, detail);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return store_errors::locked(path_, "another program");
        case SQLITE_CANTOPEN:
            return store_errors::from_errno(path_, error_number);
        default:
            return store_errors::io(path_, detail);
    }
}

// ---- Statement

Statement& Statement::bind(int parameter, std::int64_t number) {
    check(sqlite3_bind_int64(handle_.get(), parameter, number) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(int parameter, std::uint64_t number) {
    return bind(parameter, static_cast<std::int64_t>(number));
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* data = bytes.empty() ? "" : bytes.data();
    check(sqlite3_bind_blob64(handle_.get(), parameter, data, bytes.size(), SQLITE_STATIC) ==
          SQLITE_OK);
    return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view text) {
    const char* data = text.empty() ? "" : text.data();
    check(sqlite3_bind_text64(handle_.get(), parameter, data, text.size(), SQLITE_STATIC,
                              SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Status Statement::run() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_DONE || code == SQLITE_ROW) {
        sqlite3_reset(handle_.get());
        return {};
    }
    const Error error = connection_->error(code);  // before reset, which may overwrite it
    sqlite3_reset(handle_.get());
    return error;
}

Result<bool> Statement::next() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return connection_->error(code);
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(handle_.get(), column);
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return data == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

}  // namespace tocsin::shell::sqlite
