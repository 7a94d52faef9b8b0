// Builds logfmt lines and hands them to spdlog's standard-error sink.
#include "shell/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/text.hpp"
#include "core/incident.hpp"
#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

struct LevelRow {
    LogLevel level;
    const char* name;
    const char* priority;  // sd-daemon(3)
    spdlog::level::level_enum library_level;
};

constexpr std::array levels{
    LevelRow{LogLevel::debug, "debug", "<7>", spdlog::level::debug},
    LevelRow{LogLevel::info, "info", "<6>", spdlog::level::info},
    LevelRow{LogLevel::warning, "warning", "<4>", spdlog::level::warn},
    LevelRow{LogLevel::error, "error", "<3>", spdlog::level::err},
};

const LevelRow& row_of(LogLevel level) {
    return levels[static_cast<std::size_t>(level)];
}

std::string logfmt_value(const std::string& value) {
    const std::string text = one_line(truncate(value, core::limits::log_value_bytes_max));
    const bool plain = !text.empty() && text.find_first_of(" \"=\\") == std::string::npos;
    if (plain) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

std::string log_line(LogLevel level, std::string_view message,
                     const std::vector<LogField>& fields) {
    std::string line = "level=";
    line += row_of(level).name;
    line += " msg=" + logfmt_value(std::string(message));
    for (const auto& [name, value] : fields) {
        line += ' ';
        line += name;
        line += '=' + logfmt_value(value);
    }
    return line;
}

bool is_logged(const core::Verdict& verdict) {
    switch (verdict.outcome) {
        case core::Outcome::incident:
        case core::Outcome::suppressed:
        case core::Outcome::in_doubt:
            return true;
        case core::Outcome::clear:
        case core::Outcome::pending:
        case core::Outcome::watch:
        case core::Outcome::not_an_incident:
        case core::Outcome::unmatched:
            return false;
    }
    return false;
}

std::vector<LogField> fields_of(const core::Verdict& verdict) {
    std::vector<LogField> fields{{"rule", verdict.rule},
                                 {"outcome", std::string(core::name(verdict.outcome))},
                                 {"severity", std::string(core::name(verdict.severity))}};
    if (verdict.value) fields.emplace_back("value", format_number(*verdict.value));
    if (!verdict.threshold.empty()) fields.emplace_back("threshold", verdict.threshold);
    fields.emplace_back("because", std::string(core::name(verdict.because)));
    if (verdict.incident != 0) {
        fields.emplace_back("incident", core::incident_id(verdict.incident));
    }
    fields.emplace_back("labels", verdict.labels.to_string());
    if (!verdict.cite.empty()) fields.emplace_back("cite", verdict.cite);
    if (!verdict.detail.empty()) fields.emplace_back("detail", verdict.detail);
    return fields;
}

void Log::line(LogLevel level, std::string_view message, const std::vector<LogField>& fields) {
    if (level >= least_) write_(level, log_line(level, message, fields));
}

void Log::info(std::string_view message, const std::vector<LogField>& fields) {
    line(LogLevel::info, message, fields);
}

void Log::warning(std::string_view message, const std::vector<LogField>& fields) {
    line(LogLevel::warning, message, fields);
}

void Log::error(std::string_view message, const std::vector<LogField>& fields) {
    line(LogLevel::error, message, fields);
}

std::size_t Log::verdicts(const std::vector<core::Verdict>& verdicts) {
    std::size_t lines = 0;
    std::map<core::Outcome, std::size_t> further;
    for (const auto& verdict : verdicts) {
        if (!is_logged(verdict)) continue;
        if (lines < core::limits::verdict_lines_per_batch_max) {
            info("verdict", fields_of(verdict));
            ++lines;
        } else {
            ++further[verdict.outcome];
        }
    }
    if (further.empty()) return 0;
    std::size_t summed_up = 0;
    std::vector<LogField> fields;
    for (const auto& [outcome, count] : further) {
        fields.emplace_back(core::name(outcome), std::to_string(count));
        summed_up += count;
    }
    info("further verdicts of the same batch", fields);
    return summed_up;
}

Log::Write standard_error_log(bool under_systemd) {
    const auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    const auto logger = std::make_shared<spdlog::logger>("tocsin", sink);
    const char* pattern = under_systemd ? "%v" : "ts=%Y-%m-%dT%H:%M:%S.%eZ %v";
    logger->set_pattern(pattern, spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::debug);
    return [logger, under_systemd](LogLevel level, const std::string& line) {
        const auto& row = row_of(level);
        // Never as a format string: the line holds what others wrote.
        const std::string text = under_systemd ? row.priority + line : line;
        logger->log(row.library_level, spdlog::string_view_t(text));
    };
}

}  // namespace tocsin::shell
