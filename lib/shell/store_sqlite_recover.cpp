// Loads what the engine needs after a start, table by table.

#include "shell/store_sqlite_recover.hpp"

#include <functional>

#include "shell/codec.hpp"
#include "shell/store_errors.hpp"

namespace tocsin::shell::sqlite {

namespace {

using TakeRow = std::function<Status(std::uint64_t id, std::string_view body)>;

Status each_row(Connection& connection, std::string_view sql, const TakeRow& take) {
    Result<Statement> statement = connection.prepare(sql);
    if (!statement) return statement.error();
    while (true) {
        const Result<bool> row = statement->next();
        if (!row) return row.error();
        if (!*row) return {};
        const auto id = static_cast<std::uint64_t>(statement->number(0));
        if (Status status = take(id, statement->bytes(1)); !status) {
            return Error{status.error().code, connection.path() + ": row " + std::to_string(id) +
                                                  " of `" + std::string(sql) +
                                                  "`: " + status.error().message};
        }
    }
}

template <class Decode, class Rows>
TakeRow into(Rows& rows, Decode decode) {
    return [&rows, decode](std::uint64_t id, std::string_view body) -> Status {
        auto record = decode(body);
        if (!record) return record.error();
        rows.insert_or_assign(id, std::move(*record));
        return {};
    };
}

Status recover_meta(Connection& connection, core::State& state) {
    Result<std::string> id = connection.text("SELECT body FROM meta WHERE name = 'install_id'");
    if (!id) return id.error();
    const Result<std::string> body =
        connection.text("SELECT body FROM meta WHERE name = 'counters'");
    if (!body) return body.error();
    const Result<core::Counters> counters = codec::decode_counters(*body);
    if (!counters) return counters.error();
    if (id->empty()) return store_errors::corrupt(connection.path(), "it has no install id");
    state.install_id = *id;
    state.counters = *counters;
    return {};
}

}  // namespace

Result<core::State> recover(Connection& connection) {
    core::State state;
    const auto signal = [&state](std::string_view body) {
        return codec::decode_signal(body, state.symbols);
    };
    const std::pair<const char*, TakeRow> tables[] = {
        {"SELECT id, body FROM signals", into(state.signals, signal)},
        {"SELECT id, body FROM incidents WHERE open = 1",
         into(state.incidents, &codec::decode_incident)},
        {"SELECT id, body FROM deliveries WHERE open = 1",
         into(state.deliveries, &codec::decode_delivery)},
        {"SELECT id, body FROM rule_health", into(state.rule_health, &codec::decode_rule_health)},
        {"SELECT id, body FROM windows WHERE open = 1", into(state.windows, &codec::decode_window)},
        {"SELECT id, body FROM rota", into(state.rota, &codec::decode_rota)},
    };
    if (Status status = recover_meta(connection, state); !status) return status.error();
    for (const auto& [sql, take] : tables) {
        if (Status status = each_row(connection, sql, take); !status) return status.error();
    }
    return state;
}

}  // namespace tocsin::shell::sqlite
