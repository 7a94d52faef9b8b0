// The reading side of the store on disk: bounded lists, newest first, from a connection of its own.

#include <algorithm>

#include "core/limits.hpp"
#include "shell/codec.hpp"
#include "shell/store_query.hpp"
#include "shell/store_sqlite.hpp"
#include "shell/store_sqlite_connection.hpp"
#include "shell/store_sqlite_schema.hpp"

namespace tocsin::shell {

namespace {

using sqlite::Connection;
using sqlite::Statement;

class SqliteReader final : public ReadStore {
public:
    explicit SqliteReader(std::unique_ptr<Connection> connection)
        : connection_(std::move(connection)) {}

    Status prepare();
    Result<std::vector<core::Incident>> incidents(const IncidentQuery& query) override;
    Result<std::optional<IncidentDossier>> incident(std::uint64_t number,
                                                    const DossierBounds& bounds) override;
    Result<std::vector<core::Verdict>> verdicts(const VerdictQuery& query) override;
    Result<std::vector<core::Window>> windows(const WindowQuery& query) override;

private:
    Result<std::optional<IncidentDossier>> read_dossier(std::uint64_t number,
                                                        const DossierBounds& bounds);

    std::unique_ptr<Connection> connection_;
    Statement incident_;
    Statement incidents_;
    Statement open_incidents_;
    Statement verdicts_;
    Statement verdicts_of_incident_;
    Statement dossier_verdicts_;
    Statement timeline_;
    Statement deliveries_;
    Statement windows_;
};

Status SqliteReader::prepare() {
    const std::pair<const char*, Statement*> statements[] = {
        {"SELECT body FROM incidents WHERE id = ?1", &incident_},
        {"SELECT body FROM incidents WHERE id < ?1 ORDER BY id DESC", &incidents_},
        {"SELECT body FROM incidents WHERE open = 1 AND id < ?1 ORDER BY id DESC",
         &open_incidents_},
        {"SELECT body, at FROM verdicts WHERE id < ?1 ORDER BY id DESC", &verdicts_},
        {"SELECT body, at FROM verdicts WHERE id < ?1 AND incident = ?2 AND incident > 0 "
         "ORDER BY id DESC",
         &verdicts_of_incident_},
        {"SELECT body FROM verdicts WHERE incident = ?1 AND incident > 0 ORDER BY id DESC",
         &dossier_verdicts_},
        {"SELECT body FROM timeline WHERE incident = ?1 ORDER BY id DESC", &timeline_},
        {"SELECT body FROM deliveries WHERE incident = ?1 ORDER BY id DESC", &deliveries_},
        {"SELECT body FROM windows ORDER BY id DESC", &windows_},
    };
    for (const auto& [sql, statement] : statements) {
        Result<Statement> prepared = connection_->prepare(sql);
        if (!prepared) return prepared.error();
        *statement = std::move(*prepared);
    }
    return {};
}

/// Resets a statement whatever way its rows were left: an open one would hold up checkpoints.
class Rows {
public:
    explicit Rows(Statement& statement) : statement_(statement) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    ~Rows() { statement_.reset(); }
    Result<bool> next() { return statement_.next(); }
    [[nodiscard]] std::string_view body() const { return statement_.bytes(0); }
    [[nodiscard]] Instant at() const { return Instant(Duration(statement_.number(1))); }

private:
    Statement& statement_;
};

// ---- Lists

Result<std::vector<core::Incident>> SqliteReader::incidents(const IncidentQuery& query) {
    const bool open_only = query.state && core::is_open(*query.state);
    Statement& statement = open_only ? open_incidents_ : incidents_;
    statement.bind(1, before_or_end(query.before));
    Rows rows(statement);
    IncidentList list(query);
    while (!list.full()) {
        const Result<bool> row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        if (Status status = list.offer(rows.body()); !status) return status.error();
    }
    return std::move(list).take();
}

Result<std::vector<core::Verdict>> SqliteReader::verdicts(const VerdictQuery& query) {
    Statement& statement = query.incident ? verdicts_of_incident_ : verdicts_;
    statement.bind(1, before_or_end(query.before));
    if (query.incident) statement.bind(2, *query.incident);
    Rows rows(statement);
    VerdictList list(query);
    while (!list.full()) {
        const Result<bool> row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        if (Status status = list.offer(rows.at(), rows.body()); !status) return status.error();
    }
    return std::move(list).take();
}

Result<std::vector<core::Window>> SqliteReader::windows(const WindowQuery& query) {
    Rows rows(windows_);
    WindowList list(query);
    while (!list.full()) {
        const Result<bool> row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        if (Status status = list.offer(rows.body()); !status) return status.error();
    }
    return std::move(list).take();
}

// ---- One incident whole

/// One read transaction, so that its parts belong together.
Result<std::optional<IncidentDossier>> SqliteReader::incident(std::uint64_t number,
                                                              const DossierBounds& bounds) {
    if (Status status = connection_->execute("BEGIN"); !status) return status.error();
    Result<std::optional<IncidentDossier>> dossier = read_dossier(number, bounds);
    connection_->roll_back();
    return dossier;
}

template <class Record, class Decode>
Status newest_of_incident(Statement& statement, std::uint64_t number, Decode decode,
                          DossierFill fill, std::vector<Record>& records) {
    statement.bind(1, number);
    Rows rows(statement);
    while (!fill.full()) {
        const Result<bool> row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        fill.count(rows.body().size());
        Result<Record> record = decode(rows.body());
        if (!record) return record.error();
        records.push_back(std::move(*record));
    }
    std::reverse(records.begin(), records.end());
    return {};
}

Result<std::optional<IncidentDossier>> SqliteReader::read_dossier(std::uint64_t number,
                                                                  const DossierBounds& bounds) {
    IncidentDossier dossier;
    {
        incident_.bind(1, number);
        Rows rows(incident_);
        const Result<bool> row = rows.next();
        if (!row) return row.error();
        if (!*row) return std::optional<IncidentDossier>();
        Result<core::Incident> incident = codec::decode_incident(rows.body());
        if (!incident) return incident.error();
        dossier.incident = std::move(*incident);
    }
    const DossierFill fill(bounds, dossier.complete);
    Status status = newest_of_incident(timeline_, number, &codec::decode_timeline_entry, fill,
                                       dossier.timeline);
    if (status) {
        status = newest_of_incident(deliveries_, number, &codec::decode_delivery, fill,
                                    dossier.deliveries);
    }
    if (status) {
        status = newest_of_incident(dossier_verdicts_, number, &codec::decode_verdict, fill,
                                    dossier.verdicts);
    }
    if (!status) return status.error();
    return std::optional(std::move(dossier));
}

}  // namespace

Result<std::unique_ptr<ReadStore>> open_sqlite_reader(const std::string& data_dir) {
    const std::string path = data_dir + "/" + database_file;
    auto connection = Connection::open(path, Connection::Access::read);
    if (!connection) return connection.error();
    const long version_known = static_cast<long>(sqlite::migrations().size());
    if (Status status = (*connection)->configure_reader(); !status) return status.error();
    const Result<long> version = sqlite::identify(**connection, version_known);
    if (!version) return version.error();
    auto reader = std::make_unique<SqliteReader>(std::move(*connection));
    if (Status status = reader->prepare(); !status) return status.error();
    return std::unique_ptr<ReadStore>(std::move(reader));
}

}  // namespace tocsin::shell
