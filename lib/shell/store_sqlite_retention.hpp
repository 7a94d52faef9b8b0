#pragma once
// Deletes what is past its retention, a bounded number of rows at a time, oldest first.

#include <string_view>

#include "base/result.hpp"
#include "shell/store.hpp"
#include "shell/store_sqlite_connection.hpp"

namespace tocsin::shell::sqlite {

class RetentionPass {
public:
    Status prepare(Connection& connection, const Retention& retention);
    /// Inside a transaction that the caller begins and ends. True: a bound was reached, more is
    /// due.
    Result<bool> run(Instant now);

private:
    struct Aged {
        Statement oldest;  // id, at, bytes: oldest first
        Statement remove;  // up to an id
        Duration keep{0};
    };
    static Status prepare(Connection& connection, std::string_view table, Aged& aged);
    static Result<bool> run(Aged& aged, Instant now);

    Aged journal_;
    Aged verdicts_;
};

}  // namespace tocsin::shell::sqlite
