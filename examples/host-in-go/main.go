// The program host-in-go answers vectors for hosts on wazero, an engine without fuel. It reads one
// line of JSON for each vector, and writes one: abi/vectors/README.md, "The driver protocol".
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// vector is the line of a vector of the layer fuel.
type vector struct {
	ID          string            `json:"id"`
	Layer       string            `json:"layer"`
	Flags       []string          `json:"flags"`
	Wasm        []byte            `json:"wasm"`
	Budget      budget            `json:"budget"`
	Config      map[string]string `json:"config"`
	LogLevel    string            `json:"log_level"`
	MaxVarBytes float64           `json:"max_var_bytes"`
	Steps       []struct {
		Call  string `json:"call"`
		Input []byte `json:"input"`
	} `json:"steps"`
}

func (v vector) needsFeature() bool {
	return slices.ContainsFunc(v.Flags, func(flag string) bool { return strings.HasPrefix(flag, "feature:") })
}

// budget is what a plugin may use.
type budget struct {
	Fuel               float64  `json:"fuel"`
	WallMs             float64  `json:"wall_ms"`
	MemoryPages        float64  `json:"memory_pages"`
	InitialMemoryPages *float64 `json:"initial_memory_pages"`
	TableEntries       float64  `json:"table_entries"`
	StackSlots         int32    `json:"stack_slots"`
}

func (b budget) initialPages() float64 {
	if b.InitialMemoryPages != nil {
		return *b.InitialMemoryPages
	}
	return b.MemoryPages
}

// defaults are what a vector does not have: KERNEL.md, "Budgets", but without a deadline.
func defaults() vector {
	budget := budget{Fuel: 1e9, WallMs: math.Inf(1), MemoryPages: 32, TableEntries: 100_000, StackSlots: 65_536}
	return vector{Budget: budget, LogLevel: "info", MaxVarBytes: 1 << 20}
}

func main() {
	command := flag.String("prepare", "node scripts/cc-lb-plugin.mjs", "the command cc-lb-plugin")
	flag.Parse()
	if err := drive(context.Background(), *command, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "host-in-go:", err)
		os.Exit(1)
	}
}

// drive answers each line of the input with one line.
func drive(ctx context.Context, command string, input io.Reader, output io.Writer) error {
	preparer, err := newPreparer(command)
	if err != nil {
		return err
	}
	defer preparer.close()
	lines := bufio.NewReader(input)
	answers := json.NewEncoder(output)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		vector := defaults()
		if err := json.Unmarshal(line, &vector); err != nil {
			return fmt.Errorf("a line is not a vector: %w", err)
		}
		answer, err := answer(ctx, preparer, vector)
		var unsupported *errUnsupported
		if errors.As(err, &unsupported) {
			answer = map[string]any{"unsupported": unsupported.reason}
		} else if err != nil {
			return fmt.Errorf("%s: %w", vector.ID, err)
		}
		answer["id"] = vector.ID
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
}

// answer builds the plugin of a vector, and calls its exports.
func answer(ctx context.Context, preparer *preparer, vector vector) (map[string]any, error) {
	if vector.Layer != "fuel" {
		return nil, &errUnsupported{"this host answers the layer fuel"}
	}
	if slices.Contains(vector.Flags, "layout") {
		return nil, &errUnsupported{"kernel memory is laid out in another way"}
	}
	wasm, refused, err := preparer.prepare(vector.Wasm)
	if err != nil {
		return nil, err
	}
	if refused != nil && refused.kind == "InvalidModule" && vector.needsFeature() {
		return nil, &errUnsupported{"the Node that prepares modules lacks a feature of this one"}
	}
	if refused != nil {
		return ends(end(outcome{failure: refused})), nil
	}
	level := uint64(slices.Index(logLevels, vector.LogLevel))
	if vector.LogLevel == "off" {
		level = math.MaxInt32
	}
	plugin, refused, err := build(ctx, wasm, settings{
		budget: vector.Budget, config: vector.Config, logLevel: level, variables: newVariables(vector.MaxVarBytes),
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return ends(end(outcome{failure: refused})), nil
	}
	defer plugin.close(ctx)
	all := []map[string]any{}
	for _, step := range vector.Steps {
		all = append(all, end(plugin.call(ctx, step.Call, step.Input)))
	}
	return ends(all...), nil
}

func ends(all ...map[string]any) map[string]any { return map[string]any{"ends": all} }

// end is an outcome as vectors write it.
func end(outcome outcome) map[string]any {
	written := map[string]any{"fuel": outcome.fuel, "logs": append([][2]string{}, outcome.logs...)}
	if failure := outcome.failure; failure != nil {
		written["layer"] = failure.layer
		written["error"] = map[string]any{"kind": failure.kind, "fields": failure.fields}
	} else {
		written["output"] = append([]byte{}, outcome.output...)
	}
	return written
}
