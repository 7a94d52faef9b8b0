#pragma once
// tocsin.yaml as it is written: one struct a block, before anything is checked against the rest.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/names.hpp"
#include "config/special_values.hpp"
#include "schema/field.hpp"

namespace tocsin::config {

struct TokenRow {
    Located<std::string> name;
    Secret token;
    std::vector<May> may;
    Located<std::string> source;
    Position at;
};

struct AuthBlock {
    std::vector<TokenRow> tokens;
};

struct ExpectRow {
    Located<std::string> alert;
    Duration within = Expect().within;
};

struct SourceRow {
    Located<std::string> name;
    SourceKind kind = SourceKind::prometheus;
    Located<std::string> url;
    Labels labels;
    Located<Duration> delay = Source().delay;
    Located<Duration> timeout = Source().timeout;
    std::optional<Located<Duration>> interval;
    std::optional<Located<Duration>> silent_after;
    std::vector<std::pair<std::string, HeaderValue>> headers;
    std::optional<Located<ExpectRow>> expect;
    Located<int> queries_max = Source().queries_max;
    std::vector<TargetRow> targets;
    Position at;
};

struct SeverityRow {
    core::PageWhen page = core::PageWhen::always;
    core::PageWhen notify = core::PageWhen::always;
    std::optional<Duration> update_every;
    std::optional<Duration> ask_to_raise_after;
    std::optional<Duration> remind_after;
    bool communicate = false;
};

struct SeverityRows {
    SeverityRow minor;
    SeverityRow major;
    SeverityRow critical;
};

struct UseBlock {
    std::optional<std::vector<Located<std::string>>> page;
    std::vector<Located<std::string>> declare;
    std::optional<std::vector<Located<std::string>>> announce;
    Located<std::string> status_page;
    Located<std::string> banner;
};

struct PagingBlock {
    Located<Duration> unreachable_after = core::Policy().unreachable_after;
    Located<Duration> confirm_within = core::Policy().confirm_within;
    Located<Duration> fallback_after = core::Policy().fallback_after;
    Located<Duration> repeat = core::Policy().repeat;
    Located<Duration> ask_again_after = core::Policy().ask_again_after;
};

struct RecheckBlock {
    Located<Duration> every = core::Recheck().every;
    Located<std::uint32_t> clean = core::Recheck().clean;
};

struct WorkingHoursBlock {
    std::vector<Weekday> days = WorkingHours().days;
    Hours hours = WorkingHours().hours;
    Located<std::string> time_zone = WorkingHours().time_zone;
};

struct MaintenanceRow {
    std::string name;
    WrittenTime from;
    Located<WrittenTime> to;
    Located<std::string> time_zone = Maintenance().time_zone;
    std::optional<Located<Duration>> every;
    std::optional<Located<WrittenTime>> until;
    Labels match;
    std::vector<Located<std::string>> rules;
    Located<std::string> announcement;
    std::string by;
};

struct MachineFile {
    std::string instance = Config().instance;
    Located<std::string> public_url;
    Located<std::string> listen = Config().listen;
    Located<bool> allow_anonymous = false;
    Located<std::string> data_dir;
    std::vector<Located<std::string>> rules;
    Located<std::string> oncall;
    AuthBlock auth;
    std::vector<SourceRow> sources;
    std::optional<IntegrationNodes> integrations;
    SeverityRows severities;
    UseBlock use;
    std::optional<Located<WorkingHoursBlock>> working_hours;
    PagingBlock paging;
    Located<Duration> reopen_within = core::Policy().reopen_within;
    RecheckBlock recheck;
    Retention retention;
    Located<std::string> call_url;
    Located<std::string> status_page_url;
    std::vector<Located<MaintenanceRow>> maintenance;

    MachineFile();  // severities begin as the handbook's
};

schema::Table<MachineFile> table_of(const MachineFile*);

}  // namespace tocsin::config
