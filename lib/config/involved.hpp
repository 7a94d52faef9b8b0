#pragma once
// Checks whom rules call in (`involve`) and tell (`tell`) against the people of oncall.yaml.

#include "config/oncall.hpp"
#include "config/rule_file.hpp"

namespace tocsin::config {

/// A warning for each name that oncall.yaml does not know, with the one that may be meant.
void check_involved(const RuleRow& row, const Oncall& people, const schema::Reader& reader);

}  // namespace tocsin::config
