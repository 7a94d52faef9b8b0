#pragma once
// SQLite as values: a connection and its statements, errors in the words of Store.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::shell::sqlite {

/// A prepared statement, kept and used again. Parameters and columns count from 1 and from 0, as in
/// SQLite. Bound bytes are not copied: they must live until `run` or `reset`.
class Statement {
public:
    Statement() = default;

    Statement& bind(int parameter, std::uint64_t number);
    Statement& bind(int parameter, std::int64_t number);
    Statement& bind_blob(int parameter, std::string_view bytes);
    Statement& bind_text(int parameter, std::string_view text);
    /// Steps to the end and resets: for statements without rows.
    Status run();
    /// Steps to the next row; false at the end. Call `reset` when done with the rows.
    Result<bool> next();
    void reset();
    [[nodiscard]] std::int64_t number(int column) const;
    /// Valid until the next step.
    [[nodiscard]] std::string_view bytes(int column) const;

private:
    friend class Connection;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    const class Connection* connection_ = nullptr;
};

/// One connection, used from one thread at a time. It does not move: statements point to it.
class Connection {
public:
    enum class Access : std::uint8_t { read, write };
    /// The file must exist.
    static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);
    /// Sets what each kind of connection needs; a separate step, because a file that is not ours is
    /// left untouched.
    Status configure_writer();
    Status configure_reader();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// One or more statements without parameters; rows are thrown away.
    Status execute(const std::string& sql);
    Result<Statement> prepare(std::string_view sql);
    /// The first column of the first row, as text or number.
    Result<std::string> text(std::string_view sql);
    Result<std::int64_t> number(std::string_view sql);
    /// Rolls back if a transaction is open.
    void roll_back();

    enum class Checkpoint : std::uint8_t { passive, truncate };
    struct Checkpointed {
        int frames = 0;   // in the WAL
        int written = 0;  // of them, those that are in the database file now
    };
    Result<Checkpointed> checkpoint(Checkpoint mode);
    /// Pages in the WAL after the latest commit.
    [[nodiscard]] int wal_frames() const { return wal_frames_; }

    [[nodiscard]] const std::string& path() const { return path_; }
    /// What the latest failing call means, in the words of Store.
    [[nodiscard]] Error error(int code) const;

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    explicit Connection(std::string path) : path_(std::move(path)) {}

    std::string path_;
    std::unique_ptr<sqlite3, Close> handle_;
    int wal_frames_ = 0;
};

}  // namespace tocsin::shell::sqlite
