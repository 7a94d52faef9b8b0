// Deletes what is past its retention: a prefix of a table, since ids grow with time.

#include "shell/store_sqlite_retention.hpp"

#include "core/limits.hpp"

namespace tocsin::shell::sqlite {

Status RetentionPass::prepare(Connection& connection, const Retention& retention) {
    journal_.keep = retention.journal;
    verdicts_.keep = retention.verdicts;
    if (Status status = prepare(connection, "journal", journal_); !status) return status;
    return prepare(connection, "verdicts", verdicts_);
}

/// The newest row always stays: SQLite numbers journal rows from the highest one on, so no number
/// is ever given twice.
Status RetentionPass::prepare(Connection& connection, std::string_view table, Aged& aged) {
    const std::string name(table);
    Result<Statement> oldest =
        connection.prepare("SELECT id, at, length(body) FROM " + name +
                           " WHERE id < (SELECT max(id) FROM " + name + ") ORDER BY id");
    if (!oldest) return oldest.error();
    Result<Statement> remove = connection.prepare("DELETE FROM " + name + " WHERE id <= ?1");
    if (!remove) return remove.error();
    aged.oldest = std::move(*oldest);
    aged.remove = std::move(*remove);
    return {};
}

Result<bool> RetentionPass::run(Instant now) {
    const Result<bool> more_journal = run(journal_, now);
    if (!more_journal) return more_journal.error();
    const Result<bool> more_verdicts = run(verdicts_, now);
    if (!more_verdicts) return more_verdicts.error();
    return *more_journal || *more_verdicts;
}

Result<bool> RetentionPass::run(Aged& aged, Instant now) {
    const std::int64_t cutoff = (now - aged.keep).time_since_epoch().count();
    std::size_t rows = 0;
    std::size_t bytes = 0;
    std::int64_t last = 0;
    bool bounded = false;
    while (!bounded) {
        const Result<bool> row = aged.oldest.next();
        if (!row || !*row || aged.oldest.number(1) >= cutoff) {
            aged.oldest.reset();
            if (!row) return row.error();
            break;
        }
        last = aged.oldest.number(0);
        bytes += static_cast<std::size_t>(aged.oldest.number(2));
        bounded = ++rows >= core::limits::retention_rows_max ||
                  bytes >= core::limits::retention_bytes_max;
    }
    aged.oldest.reset();
    if (rows == 0) return false;
    if (Status status = aged.remove.bind(1, last).run(); !status) return status.error();
    return bounded;
}

}  // namespace tocsin::shell::sqlite
