#pragma once
// The statements that a commit runs, prepared once.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "shell/store.hpp"
#include "shell/store_sqlite_connection.hpp"

namespace tocsin::shell::sqlite {

/// Writes batches inside a transaction that the caller begins and ends.
class RowWriter {
public:
    Status prepare(Connection& connection);
    Status write(const Batch& batch);
    /// The rows that `write` wrote are on disk: counters need not be written again until they move.
    void committed(const core::Counters& counters) { counters_ = counters; }

private:
    struct TableStatements {
        core::Table table = core::Table::signals;
        Statement put;
        Statement remove;  // signals and rule health only
        int open = 0;      // parameter, 0 for none
        int incident = 0;  // parameter, 0 for none
    };

    Status write_changes(const Batch& batch);
    Status write_verdicts(const Batch& batch);
    Status write_journal(const Batch& batch);
    Status write_documents(const Batch& batch);
    Status write_counters(const core::Counters& counters);

    std::vector<TableStatements> tables_;  // by core::Table
    Statement put_verdict_;
    Statement put_journal_;
    Statement put_document_;
    Statement put_counters_;
    core::Counters counters_;
    std::string body_;  // the row being written; kept for its capacity
};

}  // namespace tocsin::shell::sqlite
