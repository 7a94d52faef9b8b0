// Reads /proc/self, and sets what a process may set for itself.
#include "shell/process.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/text.hpp"

namespace tocsin::shell {
namespace {

std::string read_whole(const char* path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The fields of /proc/self/stat after the name in brackets, so that index 0 is field 3 (proc(5)).
std::vector<std::string> stat_fields() {
    const std::string text = read_whole("/proc/self/stat");
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return {};
    std::istringstream rest(text.substr(end_of_name + 1));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;) fields.push_back(field);
    return fields;
}

double boot_time() {
    std::istringstream text(read_whole("/proc/stat"));
    for (std::string word; text >> word;) {
        double seconds = 0;
        if (word == "btime" && text >> seconds) return seconds;
    }
    return 0;
}

void write(std::string& out, std::string_view name, std::string_view type, std::string_view help,
           double value) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(type).append("\n").append(name).append(" ");
    out.append(format_number(value)).append("\n");
}

std::optional<double> field(const std::vector<std::string>& fields, std::size_t number) {
    if (number < 3 || number - 3 >= fields.size()) return std::nullopt;
    return parse_number(fields[number - 3]);
}

std::size_t open_descriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator list("/proc/self/fd", error);
    if (error) return 0;
    return static_cast<std::size_t>(std::distance(begin(list), end(list)));
}

}  // namespace

std::string process_metrics() {
    std::string out;
    const auto fields = stat_fields();
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    const auto user = field(fields, 14), system = field(fields, 15);
    if (user && system) {
        write(out, "process_cpu_seconds_total", "counter", "User and system CPU time.",
              (*user + *system) / ticks);
    }
    if (const auto started = field(fields, 22)) {
        write(out, "process_start_time_seconds", "gauge", "Start of the process, Unix time.",
              boot_time() + *started / ticks);
    }
    if (const auto size = field(fields, 23)) {
        write(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.", *size);
    }
    if (const auto resident = field(fields, 24)) {
        write(out, "process_resident_memory_bytes", "gauge", "Resident memory.", *resident * page);
    }
    write(out, "process_open_fds", "gauge", "Open file descriptors.",
          static_cast<double>(open_descriptors()));
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        write(out, "process_max_fds", "gauge", "Bound of open file descriptors.",
              static_cast<double>(limit.rlim_cur));
    }
    return out;
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

void harden_process() {
    prctl(PR_SET_DUMPABLE, 0);
    rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    mallopt(M_ARENA_MAX, 2);
    umask(0077);
}

}  // namespace tocsin::shell
