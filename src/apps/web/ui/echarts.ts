// Turns the parts of ECharts that the page uses into one library, fetched only when a chart is on screen.
import { LineChart, TreemapChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

register([LineChart, TreemapChart, GridComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer]);

export { init };
