// The store in memory: rows are encoded as on disk, so that simulations test the codec as well.

#include "shell/store_memory.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "core/limits.hpp"
#include "shell/codec.hpp"
#include "shell/store_batch.hpp"
#include "shell/store_query.hpp"

namespace tocsin::shell {

namespace {

class MemoryStore final : public Store {
public:
    MemoryStore(std::shared_ptr<MemoryDisk> disk, Retention retention)
        : disk_(std::move(disk)), retention_(retention) {}

    Status commit(const Batch& batch, Fence fence) override;
    Result<core::State> recover() override;
    void maintain(Instant now) override;
    Status probe() override { return {}; }

private:
    void write_changes(const Batch& batch);

    std::shared_ptr<MemoryDisk> disk_;
    Retention retention_;
};

Status MemoryStore::commit(const Batch& batch, Fence fence) {
    check(fence == 1);
    write_changes(batch);
    for (const core::Verdict& verdict : batch.verdicts) {
        MemoryDisk::Row row{.incident = verdict.incident, .at = verdict.at, .body = {}};
        codec::encode(verdict, row.body);
        check(disk_->verdicts.emplace(verdict.id, std::move(row)).second);
    }
    std::uint64_t journal_id = disk_->journal.empty() ? 0 : disk_->journal.rbegin()->first;
    for (const JournalRow& row : batch.journal) disk_->journal.emplace(++journal_id, row);
    disk_->documents.insert(batch.documents.begin(), batch.documents.end());
    disk_->counters.clear();
    codec::encode(batch.counters, disk_->counters);
    ++disk_->commits;
    return {};
}

void MemoryStore::write_changes(const Batch& batch) {
    for (const RowWrite& write : row_writes(batch)) {
        MemoryDisk::Rows& rows = disk_->tables[write.table];
        if (write.record == nullptr) {
            rows.erase(write.id);
            continue;
        }
        MemoryDisk::Row row{.incident = incident_of(*write.record),
                            .open = core::lives_in_state(*write.record),
                            .at = {},
                            .body = {}};
        codec::encode(*write.record, batch.symbols, row.body);
        rows.insert_or_assign(write.id, std::move(row));
    }
}

template <class Records, class Decode>
Status recover_rows(const MemoryDisk::Rows& rows, Records& records, Decode decode) {
    for (const auto& [id, row] : rows) {
        if (!row.open) continue;
        auto record = decode(std::string_view(row.body));
        if (!record) return record.error();
        records.insert_or_assign(id, std::move(*record));
    }
    return {};
}

Result<core::State> MemoryStore::recover() {
    core::State state;
    state.install_id = disk_->install_id;
    if (!disk_->counters.empty()) {
        const Result<core::Counters> counters = codec::decode_counters(disk_->counters);
        if (!counters) return counters.error();
        state.counters = *counters;
    }
    auto& tables = disk_->tables;
    Status status = recover_rows(
        tables[core::Table::signals], state.signals,
        [&state](std::string_view row) { return codec::decode_signal(row, state.symbols); });
    if (status) {
        status =
            recover_rows(tables[core::Table::incidents], state.incidents, &codec::decode_incident);
    }
    if (status) {
        status = recover_rows(tables[core::Table::deliveries], state.deliveries,
                              &codec::decode_delivery);
    }
    if (status) {
        status = recover_rows(tables[core::Table::rule_health], state.rule_health,
                              &codec::decode_rule_health);
    }
    if (status) {
        status = recover_rows(tables[core::Table::windows], state.windows, &codec::decode_window);
    }
    if (status) status = recover_rows(tables[core::Table::rota], state.rota, &codec::decode_rota);
    if (!status) return status.error();
    return state;
}

/// As on disk: a bounded prefix, and never the newest row.
template <class Rows>
void drop_aged(Rows& rows, Instant cutoff) {
    for (std::size_t i = 0; i < core::limits::retention_rows_max && rows.size() > 1; ++i) {
        if (rows.begin()->second.at >= cutoff) return;
        rows.erase(rows.begin());
    }
}

void MemoryStore::maintain(Instant now) {
    drop_aged(disk_->journal, now - retention_.journal);
    drop_aged(disk_->verdicts, now - retention_.verdicts);
}

// ---- Reading

class MemoryReader final : public ReadStore {
public:
    explicit MemoryReader(std::shared_ptr<const MemoryDisk> disk) : disk_(std::move(disk)) {}

    Result<std::vector<core::Incident>> incidents(const IncidentQuery& query) override;
    Result<std::optional<IncidentDossier>> incident(std::uint64_t number,
                                                    const DossierBounds& bounds) override;
    Result<std::vector<core::Verdict>> verdicts(const VerdictQuery& query) override;
    Result<std::vector<core::Window>> windows(const WindowQuery& query) override;

private:
    [[nodiscard]] const MemoryDisk::Rows& table(core::Table table) const;

    std::shared_ptr<const MemoryDisk> disk_;
    MemoryDisk::Rows none_;
};

const MemoryDisk::Rows& MemoryReader::table(core::Table table) const {
    const auto found = disk_->tables.find(table);
    return found == disk_->tables.end() ? none_ : found->second;
}

/// Calls `take(row)` for the rows below `before`, newest first, until `full()`.
template <class Full, class Take>
Status newest_first(const MemoryDisk::Rows& rows, std::uint64_t before, Full full, Take take) {
    for (auto it = rows.lower_bound(before); it != rows.begin() && !full();) {
        --it;
        if (Status status = take(it->second); !status) return status;
    }
    return {};
}

Result<std::vector<core::Incident>> MemoryReader::incidents(const IncidentQuery& query) {
    IncidentList list(query);
    Status status = newest_first(
        table(core::Table::incidents), before_or_end(query.before), [&] { return list.full(); },
        [&](const MemoryDisk::Row& row) { return list.offer(row.body); });
    if (!status) return status.error();
    return std::move(list).take();
}

Result<std::vector<core::Verdict>> MemoryReader::verdicts(const VerdictQuery& query) {
    VerdictList list(query);
    Status status = newest_first(
        disk_->verdicts, before_or_end(query.before), [&] { return list.full(); },
        [&](const MemoryDisk::Row& row) -> Status {
            if (query.incident && (row.incident != *query.incident || row.incident == 0)) return {};
            return list.offer(row.at, row.body);
        });
    if (!status) return status.error();
    return std::move(list).take();
}

Result<std::vector<core::Window>> MemoryReader::windows(const WindowQuery& query) {
    WindowList list(query);
    Status status = newest_first(
        table(core::Table::windows), before_or_end({}), [&] { return list.full(); },
        [&](const MemoryDisk::Row& row) { return list.offer(row.body); });
    if (!status) return status.error();
    return std::move(list).take();
}

template <class Record, class Decode>
Status newest_of_incident(const MemoryDisk::Rows& rows, std::uint64_t number, Decode decode,
                          DossierFill fill, std::vector<Record>& records) {
    Status status = newest_first(
        rows, before_or_end({}), [&] { return fill.full(); },
        [&](const MemoryDisk::Row& row) -> Status {
            if (row.incident != number) return {};
            fill.count(row.body.size());
            Result<Record> record = decode(std::string_view(row.body));
            if (!record) return record.error();
            records.push_back(std::move(*record));
            return {};
        });
    std::reverse(records.begin(), records.end());
    return status;
}

Result<std::optional<IncidentDossier>> MemoryReader::incident(std::uint64_t number,
                                                              const DossierBounds& bounds) {
    const MemoryDisk::Rows& incidents = table(core::Table::incidents);
    const auto found = incidents.find(number);
    if (found == incidents.end()) return std::optional<IncidentDossier>();
    Result<core::Incident> incident = codec::decode_incident(found->second.body);
    if (!incident) return incident.error();
    IncidentDossier dossier;
    dossier.incident = std::move(*incident);
    const DossierFill fill(bounds, dossier.complete);
    Status status = newest_of_incident(table(core::Table::timeline), number,
                                       &codec::decode_timeline_entry, fill, dossier.timeline);
    if (status) {
        status = newest_of_incident(table(core::Table::deliveries), number, &codec::decode_delivery,
                                    fill, dossier.deliveries);
    }
    if (status) {
        status = newest_of_incident(disk_->verdicts, number, &codec::decode_verdict, fill,
                                    dossier.verdicts);
    }
    if (!status) return status.error();
    return std::optional(std::move(dossier));
}

}  // namespace

std::unique_ptr<Store> open_memory(std::shared_ptr<MemoryDisk> disk, Retention retention) {
    check(disk != nullptr && !disk->install_id.empty());
    return std::make_unique<MemoryStore>(std::move(disk), retention);
}

std::unique_ptr<ReadStore> open_memory_reader(std::shared_ptr<const MemoryDisk> disk) {
    return std::make_unique<MemoryReader>(std::move(disk));
}

}  // namespace tocsin::shell
