// The statements that a commit runs: only touched rows, each once, in key order.

#include "shell/store_sqlite_write.hpp"

#include "shell/codec.hpp"
#include "shell/store_batch.hpp"

namespace tocsin::shell::sqlite {

namespace {

struct TableSql {
    core::Table table;
    const char* put;
    const char* remove;
    int open;
    int incident;
};

constexpr TableSql table_sql[] = {
    {core::Table::signals, "INSERT OR REPLACE INTO signals(id, body) VALUES(?1, ?2)",
     "DELETE FROM signals WHERE id = ?1", 0, 0},
    {core::Table::incidents, "INSERT OR REPLACE INTO incidents(id, body, open) VALUES(?1, ?2, ?3)",
     "", 3, 0},
    {core::Table::deliveries,
     "INSERT OR REPLACE INTO deliveries(id, body, open, incident) VALUES(?1, ?2, ?3, ?4)", "", 3,
     4},
    {core::Table::rule_health, "INSERT OR REPLACE INTO rule_health(id, body) VALUES(?1, ?2)",
     "DELETE FROM rule_health WHERE id = ?1", 0, 0},
    {core::Table::timeline,
     "INSERT OR REPLACE INTO timeline(id, body, incident) VALUES(?1, ?2, ?3)", "", 0, 3},
    {core::Table::windows, "INSERT OR REPLACE INTO windows(id, body, open) VALUES(?1, ?2, ?3)", "",
     3, 0},
    {core::Table::rota, "INSERT OR REPLACE INTO rota(id, body) VALUES(?1, ?2)", "", 0, 0},
};

Status prepare_into(Connection& connection, const char* sql, Statement& statement) {
    Result<Statement> prepared = connection.prepare(sql);
    if (!prepared) return prepared.error();
    statement = std::move(*prepared);
    return {};
}

}  // namespace

Status RowWriter::prepare(Connection& connection) {
    for (const TableSql& sql : table_sql) {
        TableStatements& table = tables_.emplace_back();
        table.table = sql.table;
        table.open = sql.open;
        table.incident = sql.incident;
        Status status = prepare_into(connection, sql.put, table.put);
        if (status && *sql.remove != '\0')
            status = prepare_into(connection, sql.remove, table.remove);
        if (!status) return status;
    }
    const std::pair<const char*, Statement*> others[] = {
        {"INSERT INTO verdicts(id, at, incident, body) VALUES(?1, ?2, ?3, ?4)", &put_verdict_},
        {"INSERT INTO journal(at, kind, source, body) VALUES(?1, ?2, ?3, ?4)", &put_journal_},
        {"INSERT OR IGNORE INTO documents(digest, body) VALUES(?1, ?2)", &put_document_},
        {"UPDATE meta SET body = ?1 WHERE name = 'counters'", &put_counters_},
    };
    for (const auto& [sql, statement] : others) {
        if (Status status = prepare_into(connection, sql, *statement); !status) return status;
    }
    return {};
}

Status RowWriter::write(const Batch& batch) {
    Status status = write_changes(batch);
    if (status) status = write_verdicts(batch);
    if (status) status = write_journal(batch);
    if (status) status = write_documents(batch);
    if (status && batch.counters != counters_) status = write_counters(batch.counters);
    return status;
}

Status RowWriter::write_changes(const Batch& batch) {
    for (const RowWrite& row : row_writes(batch)) {
        TableStatements& table = tables_[static_cast<std::size_t>(row.table)];
        Status status;
        if (row.record == nullptr) {
            status = table.remove.bind(1, row.id).run();
        } else {
            body_.clear();
            codec::encode(*row.record, batch.symbols, body_);
            table.put.bind(1, row.id).bind_blob(2, body_);
            if (table.open > 0) {
                table.put.bind(table.open, std::int64_t{core::lives_in_state(*row.record)});
            }
            if (table.incident > 0) table.put.bind(table.incident, incident_of(*row.record));
            status = table.put.run();
        }
        if (!status) return status;
    }
    return {};
}

Status RowWriter::write_verdicts(const Batch& batch) {
    for (const core::Verdict& verdict : batch.verdicts) {
        body_.clear();
        codec::encode(verdict, body_);
        put_verdict_.bind(1, verdict.id)
            .bind(2, verdict.at.time_since_epoch().count())
            .bind(3, verdict.incident)
            .bind_blob(4, body_);
        if (Status status = put_verdict_.run(); !status) return status;
    }
    return {};
}

Status RowWriter::write_journal(const Batch& batch) {
    for (const JournalRow& row : batch.journal) {
        put_journal_.bind(1, row.at.time_since_epoch().count())
            .bind_text(2, row.kind)
            .bind_text(3, row.source)
            .bind_blob(4, row.body);
        if (Status status = put_journal_.run(); !status) return status;
    }
    return {};
}

Status RowWriter::write_documents(const Batch& batch) {
    for (const auto& [digest, text] : batch.documents) {
        put_document_.bind_text(1, digest).bind_blob(2, text);
        if (Status status = put_document_.run(); !status) return status;
    }
    return {};
}

Status RowWriter::write_counters(const core::Counters& counters) {
    body_.clear();
    codec::encode(counters, body_);
    return put_counters_.bind_blob(1, body_).run();
}

}  // namespace tocsin::shell::sqlite
