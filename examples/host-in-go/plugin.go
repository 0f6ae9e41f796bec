package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// The version of the section of metering that this host reads.
const meteringVersion = 4

const kernelNamespace = "extism:host/env"

// features are the proposals of WebAssembly that the engine has.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst |
	experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesTypedFunctionReferences

// functionType has types by their names in the text format.
type functionType struct {
	Params  []string `json:"params"`
	Results []string `json:"results"`
}

// meteringInfo is the custom section cc_lb.metering (KP-1).
type meteringInfo struct {
	Version      int               `json:"version"`
	ImportModule string            `json:"importModule"`
	Globals      map[string]string `json:"globals"`
	Start        string            `json:"start"`
	Types        []functionType    `json:"types"`
	Imports      []struct {
		Module string `json:"module"`
		Name   string `json:"name"`
		Type   int    `json:"type"`
	} `json:"imports"`
	Exports []struct {
		Name string `json:"name"`
		Type int    `json:"type"`
	} `json:"exports"`
	InitialPages     float64 `json:"initialPages"`
	InitialEntries   float64 `json:"initialEntries"`
	InitialHeapBytes float64 `json:"initialHeapBytes"`
}

// exported is the type of a function that the original exports.
func (info *meteringInfo) exported(name string) (functionType, bool) {
	for _, each := range info.Exports {
		if each.Name == name {
			return info.Types[each.Type], true
		}
	}
	return functionType{}, false
}

// failure is why a plugin could not be built, or why a call failed, as vectors name it.
type failure struct {
	layer, kind string
	fields      map[string]any
}

func failed(layer, kind string) *failure { return &failure{layer: layer, kind: kind} }

// errUnsupported is a module that this engine cannot run.
type errUnsupported struct{ reason string }

func (e *errUnsupported) Error() string { return e.reason }

// settings are what a host sets for a plugin.
type settings struct {
	budget    budget
	config    map[string]string
	logLevel  uint64
	variables *variables
}

// plugin is a prepared plugin that can be called: KERNEL.md, "A call, step by step".
type plugin struct {
	settings settings
	wasm     []byte
	info     meteringInfo
	cache    wazero.CompilationCache
	instance *instance // nil before the first call, and after a call of _start
}

// instance is an instance of the plugin with a kernel and a meter of its own.
type instance struct {
	runtime wazero.Runtime
	module  api.Module
	kernel  *kernel
	meter   *meter
}

func (i *instance) close(ctx context.Context) { i.runtime.Close(ctx) }

// build checks a plugin, and makes an instance of it as a trial (step 0).
func build(ctx context.Context, wasm []byte, settings settings) (*plugin, *failure, error) {
	p := &plugin{settings: settings, wasm: wasm, cache: wazero.NewCompilationCache()}
	runtime := p.runtime(ctx)
	defer runtime.Close(ctx)
	compiled, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		// The program that prepared the module has validated it.
		return nil, nil, &errUnsupported{fmt.Sprintf("the engine refuses the module: %v", err)}
	}
	if p.info, err = readMetering(compiled); err != nil {
		return nil, nil, err
	}
	if refused := p.checkImports(); refused != nil {
		return nil, refused, nil
	}
	if _, isCommand := p.info.exported("_start"); isCommand {
		return p, nil, nil
	}
	trial, refused := p.instantiate(ctx)
	if refused != nil {
		return nil, refused, nil
	}
	defer trial.close(ctx)
	if refused := trial.initialize(ctx, []string{"_initialize"}, p); refused != nil {
		return nil, failed("build", "InstantiationFailed"), nil
	}
	p.settings.variables.clear()
	return p, nil, nil
}

func (p *plugin) close(ctx context.Context) {
	if p.instance != nil {
		p.instance.close(ctx)
	}
	p.cache.Close(ctx)
}

func (p *plugin) runtime(ctx context.Context) wazero.Runtime {
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCustomSections(true).WithCompilationCache(p.cache)
	return wazero.NewRuntimeWithConfig(ctx, config)
}

func readMetering(module wazero.CompiledModule) (info meteringInfo, err error) {
	for _, section := range module.CustomSections() {
		if section.Name() == "cc_lb.metering" {
			err = json.Unmarshal(section.Data(), &info)
		}
	}
	if err == nil && info.Version != meteringVersion {
		err = fmt.Errorf("the section cc_lb.metering has version %d, not %d", info.Version, meteringVersion)
	}
	return info, err
}

// checkImports compares what the original imports with what the kernel has. There are no host
// functions here: a host that has some adds them to the namespace extism:host/user.
func (p *plugin) checkImports() *failure {
	for _, each := range p.info.Imports {
		function, ok := kernelFunctions[each.Name]
		if each.Module != kernelNamespace || !ok {
			return failed("build", "UnknownImports")
		}
		wanted := p.info.Types[each.Type]
		if !slices.Equal(wanted.Params, function.params) || !slices.Equal(wanted.Results, function.results) {
			return failed("build", "ImportTypeMismatch")
		}
	}
	return nil
}

// instantiate makes an instance, whose start function has not run yet.
func (p *plugin) instantiate(ctx context.Context) (*instance, *failure) {
	meter, refused := newMeter(p.settings.budget, p.info)
	if refused != nil {
		return nil, refused
	}
	kernel := &kernel{memory: newMemory(meter.takePages), meter: meter, config: p.settings.config,
		logLevel: p.settings.logLevel, variables: p.settings.variables}
	made := &instance{runtime: p.runtime(ctx), kernel: kernel, meter: meter}
	if err := made.link(ctx, p); err != nil {
		made.close(ctx)
		return nil, failed("build", "InstantiationFailed")
	}
	meter.attach(made.module, p.info)
	return made, nil
}

// link provides the kernel's functions and the meter's, and instantiates the module.
func (i *instance) link(ctx context.Context, p *plugin) error {
	provided := i.runtime.NewHostModuleBuilder(kernelNamespace)
	for name, function := range kernelFunctions {
		run := api.GoFunc(func(_ context.Context, stack []uint64) {
			result := function.run(i.kernel, stack)
			if len(function.results) > 0 {
				stack[0] = result
			}
		})
		provided.NewFunctionBuilder().WithGoFunction(run, valueTypes(function.params), valueTypes(function.results)).Export(name)
	}
	if _, err := provided.Instantiate(ctx); err != nil {
		return err
	}
	asked := i.runtime.NewHostModuleBuilder(p.info.ImportModule)
	asked.NewFunctionBuilder().WithFunc(i.meter.tick).Export("tick")
	asked.NewFunctionBuilder().WithFunc(asI32(i.meter.takePages)).Export("take_pages")
	asked.NewFunctionBuilder().WithFunc(asI32(i.meter.takeEntries)).Export("take_entries")
	asked.NewFunctionBuilder().WithFunc(func(int64) int64 { return 0 }).Export("clamp_wait")
	if _, err := asked.Instantiate(ctx); err != nil {
		return err
	}
	compiled, err := i.runtime.CompileModule(ctx, p.wasm)
	if err != nil {
		return err
	}
	// Nothing runs by itself: neither a start function, which metering has made an export, nor
	// _start, which the engine would call.
	i.module, err = i.runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	return err
}

func asI32(take func(float64) bool) func(float64) int32 {
	return func(amount float64) int32 {
		if take(amount) {
			return 1
		}
		return 0
	}
}

var valueTypeNames = map[string]api.ValueType{"i32": api.ValueTypeI32, "i64": api.ValueTypeI64}

func valueTypes(names []string) (types []api.ValueType) {
	for _, name := range names {
		types = append(types, valueTypeNames[name])
	}
	return types
}

// initialize runs the start function and then functions of the toolchain, on the fuel of one call.
func (i *instance) initialize(ctx context.Context, names []string, p *plugin) *failure {
	i.meter.begin()
	i.kernel.begin(nil)
	if p.info.Start != "" {
		names = append([]string{p.info.Start}, names...)
	}
	runs := false
	for _, name := range names {
		function := i.module.ExportedFunction(name)
		if function == nil {
			continue
		}
		runs = true
		args := make([]uint64, len(function.Definition().ParamTypes()))
		if _, err := i.enter(ctx, function, args...); err != nil {
			if exhausted := i.meter.end(); exhausted != "" {
				return failed("call", exhausted)
			}
			return failed("call", "Instantiate")
		}
	}
	if exhausted := i.meter.end(); runs && exhausted != "" {
		return failed("call", exhausted)
	}
	return nil
}

// enter calls a function of the module from outside.
func (i *instance) enter(ctx context.Context, function api.Function, args ...uint64) ([]uint64, error) {
	i.meter.resetStack()
	return function.Call(ctx, args...)
}

// initializers are the functions of toolchains that run before the first call (step 2).
func (p *plugin) initializers() []string {
	if _, ok := p.info.exported("hs_init"); ok {
		return []string{"_initialize", "hs_init"}
	}
	if constructors, ok := p.info.exported("__wasm_call_ctors"); ok {
		if len(constructors.Params)+len(constructors.Results) > 0 {
			return nil
		}
		return []string{"__wasm_call_ctors"}
	}
	return []string{"_initialize"}
}

// outcome is how a call ended.
type outcome struct {
	output  []byte
	fuel    int64
	logs    [][2]string
	failure *failure
}

// call calls an export (steps 1 to 8).
func (p *plugin) call(ctx context.Context, name string, input []byte) outcome {
	if p.instance == nil {
		made, refused := p.instantiate(ctx)
		if refused != nil {
			return outcome{failure: failed("call", refused.kind)}
		}
		if refused := made.initialize(ctx, p.initializers(), p); refused != nil {
			defer made.close(ctx)
			return outcome{failure: refused, fuel: made.meter.fuel()}
		}
		p.instance = made
	}
	i := p.instance
	i.meter.begin()
	i.kernel.logs = nil
	if !i.kernel.begin(input) {
		return outcome{failure: failed("call", outOfMemory)}
	}
	output, failure := p.run(ctx, i, name)
	ended := outcome{output: slices.Clone(output), fuel: i.meter.fuel(), logs: i.kernel.logs, failure: failure}
	if name == "_start" {
		i.close(ctx)
		p.instance = nil
		p.settings.variables.clear()
	}
	return ended
}

// run looks the export up, calls it, and says how the call ended (steps 5 to 8).
func (p *plugin) run(ctx context.Context, i *instance, name string) ([]byte, *failure) {
	kind, ok := p.info.exported(name)
	switch {
	case !ok:
		return nil, failed("call", "FunctionNotFound")
	case len(kind.Params) > 0:
		return nil, failed("call", "HasParameters")
	case len(kind.Results) > 1:
		return nil, failed("call", "TooManyResults")
	}
	results, err := i.enter(ctx, i.module.ExportedFunction(name))
	if exhausted := i.meter.end(); exhausted != "" {
		return nil, failed("call", exhausted)
	}
	if err != nil {
		return nil, trapped(err)
	}
	if message := i.kernel.message(); len(message) > 0 {
		if !utf8.Valid(message) {
			return nil, failed("call", "ErrorMessageUnreadable")
		}
		return nil, &failure{"call", "PluginError", map[string]any{"message": string(message)}}
	}
	if code := resultCode(kind, results); code != 0 {
		return nil, &failure{"call", "NonZeroExit", map[string]any{"code": code}}
	}
	return i.kernel.answer(), nil
}

// trapped is the failure of a call that the engine ended, while no budget was exhausted.
func trapped(err error) *failure {
	var end *callEnd
	if errors.As(err, &end) {
		return &failure{"call", "KernelFunction", map[string]any{"function": end.function, "reason": end.reason}}
	}
	if strings.HasPrefix(err.Error(), "wasm error: stack overflow") {
		return failed("call", stackOverflow)
	}
	return failed("call", "Trap")
}

func resultCode(kind functionType, results []uint64) int32 {
	switch {
	case len(kind.Results) == 0:
		return 0
	case kind.Results[0] == "i32":
		return api.DecodeI32(results[0])
	}
	return -1
}
