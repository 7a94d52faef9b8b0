#pragma once
// Child: a program under measurement, and what the kernel says that it used.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::bench {

struct Memory {
    double anonymous_mib = 0;  // RssAnon
    double resident_mib = 0;   // VmRSS
    double peak_mib = 0;       // VmHWM
};

/// Started with its output in `log`; ended by the destructor, politely at first.
class Child final {
public:
    Child(const std::vector<std::string>& command, const std::string& log);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] bool is_running();
    /// User and system time of all its threads so far; the kernel counts in steps of 10 ms.
    [[nodiscard]] double cpu_us() const;
    [[nodiscard]] Memory memory() const;

private:
    pid_t process_;
    bool ended_ = false;
};

/// The whole file, empty if it cannot be read.
std::string text_of(const std::string& path);
void write_text(const std::string& path, const std::string& text);

}  // namespace tocsin::bench
