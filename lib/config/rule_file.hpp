#pragma once
// A rule file as it is written (design §4.2), before anything is compiled.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/names.hpp"
#include "config/special_values.hpp"
#include "core/ruleset.hpp"

namespace tocsin::config {

using Text = Located<std::string>;
using Texts = std::vector<std::pair<std::string, Text>>;

struct StepRow {
    std::optional<Text> when;
    Located<Duration> hold_for;
    std::optional<Located<core::Outcome>> outcome;
    std::optional<Located<core::Severity>> severity;
    bool communicate = false;
    Text cite;
    Position at;
};

struct ClearRow {
    std::optional<Text> when;
    Located<Duration> hold_for = core::Clear().hold_for;
    Position at;
};

struct RuleRow {
    Text rule;
    std::optional<AlertField> alert;
    Text record;
    std::optional<Text> expr;
    std::optional<Located<Duration>> hold_for;
    std::optional<Located<Duration>> keep_firing_for;
    Texts labels;
    Texts annotations;
    // A ladder of one step.
    std::optional<Text> when;
    std::optional<Located<core::Outcome>> outcome;
    std::optional<Located<core::Severity>> severity;
    std::optional<Located<bool>> communicate;
    Text cite;
    std::optional<Located<std::vector<StepRow>>> ladder;
    std::optional<ClearRow> clear;
    std::optional<Located<core::NoData>> no_data;
    std::optional<Text> value;
    Text unit;
    std::vector<Text> per;
    Text incident;
    Text summary;
    Text draft;
    Text runbook_url;
    std::string component;
    std::vector<Text> involve;
    std::vector<Text> tell;
    std::optional<std::vector<Text>> source;
    std::optional<Text> agree;
    std::optional<Located<bool>> continue_matching;
    std::optional<Located<core::PageWhen>> page;
    Text page_reason;
    bool private_incident = false;
    bool never_suppress = false;
    Position at;
};

struct GroupRow {
    Text name;
    Located<Duration> interval = core::Rule().interval;
    std::optional<Located<Duration>> query_offset;
    std::optional<Located<int>> limit;
    Texts labels;
    std::vector<RuleRow> rules;
    Position at;
};

struct HandbookRow {
    std::string title;
    std::string revision;
};

struct RuleFile {
    HandbookRow handbook;
    std::vector<Text> to_be_mapped;
    std::vector<GroupRow> groups;
    std::optional<RuleRow> unmatched;
};

schema::Table<RuleFile> table_of(const RuleFile*);

}  // namespace tocsin::config
