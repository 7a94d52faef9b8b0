// Hands out the tables of the three kinds of files without their C++ types.
#include "config/schemas.hpp"

#include "config/machine_file.hpp"
#include "config/oncall_file.hpp"
#include "config/rule_file.hpp"

namespace tocsin::config {

std::optional<schema::TableShape> settings_of(const std::string& what) {
    const MachineFile* machine = nullptr;
    const RuleFile* rules = nullptr;
    const OncallFile* oncall = nullptr;
    if (what == "config") return schema::shape_of(table_of(machine));
    if (what == "rules") return schema::shape_of(table_of(rules));
    if (what == "oncall") return schema::shape_of(table_of(oncall));
    return std::nullopt;
}

}  // namespace tocsin::config
