// What a batch's changes mean as rows.

#include "shell/store_batch.hpp"

#include <algorithm>
#include <tuple>

#include "base/check.hpp"

namespace tocsin::shell {

std::vector<RowWrite> row_writes(const Batch& batch) {
    std::vector<RowWrite> rows;
    rows.reserve(batch.changes.size());
    for (const core::Change& change : batch.changes) {
        const core::Record* after = change.after ? &*change.after : nullptr;
        const core::Record* named = after != nullptr ? after : &*change.before;
        rows.push_back({core::table_of(*named), core::id_of(*named), after});
    }
    const auto key = [](const RowWrite& row) { return std::tie(row.table, row.id); };
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const RowWrite& a, const RowWrite& b) { return key(a) < key(b); });
    // Of equal keys the last one stays.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i + 1 < rows.size() && key(rows[i]) == key(rows[i + 1])) continue;
        rows[kept++] = rows[i];
    }
    rows.resize(kept);
    for (const RowWrite& row : rows) {
        check(row.record != nullptr || row.table == core::Table::signals ||
              row.table == core::Table::rule_health);
    }
    return rows;
}

std::uint64_t incident_of(const core::Record& record) {
    if (const auto* delivery = std::get_if<core::Delivery>(&record)) {
        return delivery->effect.incident.number;
    }
    if (const auto* entry = std::get_if<core::TimelineEntry>(&record)) return entry->incident;
    return 0;
}

}  // namespace tocsin::shell
